/** Takes the key of the chosen kind from the credentials, or throws where there is none. No message contains a key. */
import type { AdminKeyRefusal } from "../../catalog/admin-key.ts";
import { hasKeyChoice, keyArgumentName } from "../../catalog/key-argument.ts";
import type { KeyKind, ToolRecord } from "../../catalog/record.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import type { Credentials, SentKind, ServiceAccount } from "../port.ts";
import type { Kind, KindChoice } from "./choose-kind.ts";

/** A request's key, and what messages say about it. */
export interface ChosenKey {
  /** undefined where the operation takes no key. */
  readonly value?: string;
  readonly kind: SentKind | "none";
  /** The account whose token is sent instead of a key. */
  readonly account?: ServiceAccount;
  /** Why this kind was chosen; continues a sentence after "because". */
  readonly because: string;
  /** The tool needs the other kind, which the caller does not have. */
  readonly standIn: boolean;
  /** A sentence for a refusal about the other key: how to ask for it, or why it cannot be used. May be empty. */
  readonly other: string;
  /** Both kinds are configured. */
  readonly both: boolean;
  /** The choice depends on the workspace key's own workspace, which is not known. */
  readonly unsure?: true;
  readonly warnings: readonly string[];
}

export const NO_KEY: ChosenKey = { kind: "none", because: "", standIn: false, other: "", both: false, warnings: [] };

type Subject = Pick<ToolRecord, "name" | "key" | "arguments">;

/** The key of the kind that was chosen. Throws MISSING_KEY where a header cannot carry it. */
export function takeKey(
  record: Subject,
  credentials: Credentials,
  { kind, because, unsure }: KindChoice,
  adminRefusal: AdminKeyRefusal | undefined,
): ChosenKey {
  const value = (kind === "admin" ? credentials.adminKey : credentials.workspaceKey) ?? "";
  if (kind === "admin" && adminRefusal !== undefined) throw adminKeyNotAllowed(record, because, adminRefusal);
  // fetch would refuse such a key too, but its message would contain the key.
  if (!/^[\x21-\x7e]+$/.test(value)) {
    throw new PortkeyMcpError(
      "MISSING_KEY",
      `${record.name}: nothing was sent. ` +
        `The ${kind} key contains spaces, line breaks or characters that a header cannot carry: set it again.`,
      { tool: record.name },
    );
  }
  const standIn = record.key !== "any" && record.key !== kind;
  const warnings =
    standIn && kind === "admin"
      ? [`${record.name} needs a workspace key (PORTKEY_API_KEY); there is none, so the admin key was used`]
      : [];
  const other = otherKey(record, credentials, kind, adminRefusal);
  const both = Boolean(credentials.workspaceKey && credentials.adminKey);
  return { value, kind, because, standIn, other, both, ...(unsure && { unsure }), warnings };
}

function otherKey(
  record: Subject,
  { workspaceKey, adminKey }: Credentials,
  kind: Kind,
  adminRefusal: AdminKeyRefusal | undefined,
): string {
  if (!hasKeyChoice(record)) return "";
  const argument = keyArgumentName(record);
  if (kind === "admin")
    return workspaceKey ? `A workspace key is configured too: ${argument}: "workspace" asks for it.` : "";
  if (!adminKey)
    return "There is no admin key (PORTKEY_ADMIN_API_KEY), which alone reaches other workspaces and the organisation.";
  if (adminRefusal !== undefined)
    return `An admin key is configured, but ${adminRefusal.setting} allows it only for ${adminRefusal.admits}.`;
  return (
    `An admin key is configured, and is not tried by itself: ${argument}: "admin" asks for it, ` +
    "if this is about another workspace or the organisation."
  );
}

function adminKeyNotAllowed(record: Subject, because: string, { setting, admits }: AdminKeyRefusal): PortkeyMcpError {
  const way = hasKeyChoice(record)
    ? ` ${keyArgumentName(record)}: "workspace" asks for the workspace key, which reaches its own workspace only.`
    : "";
  return new PortkeyMcpError(
    "NOT_ALLOWED",
    `${record.name}: nothing was sent. It takes the admin key, because ${because}, ` +
      `and ${setting} allows that key only for ${admits}.${way}`,
    { tool: record.name, setting },
  );
}

const NEEDS: Readonly<Record<KeyKind, string>> = {
  any: "a workspace key (PORTKEY_API_KEY) or an admin key (PORTKEY_ADMIN_API_KEY)",
  workspace: "a workspace key (PORTKEY_API_KEY; an admin key in PORTKEY_ADMIN_API_KEY may do)",
  admin: "an admin key (PORTKEY_ADMIN_API_KEY; one in PORTKEY_API_KEY may do)",
  token: "a service account (PRISMA_AIRS_CLIENT_ID, PRISMA_AIRS_CLIENT_SECRET and PRISMA_AIRS_TSG_ID)",
  none: "no key",
};

/** The service account of a call that takes a token. Throws MISSING_KEY. */
export function takeAccount(record: Subject, { account }: Credentials): ChosenKey {
  if (account !== undefined) return { ...NO_KEY, kind: "token", because: "the tool takes a token", account };
  throw new PortkeyMcpError(
    "MISSING_KEY",
    `${record.name}: nothing was sent, because there is no service account. It needs ${NEEDS.token}; ` +
      "where callers bring their own, send the headers x-prisma-airs-client-id, x-prisma-airs-client-secret and " +
      "x-prisma-airs-tsg-id.",
    { tool: record.name, key: record.key },
  );
}

/** The caller has no key at all. */
export function missingKey(record: Subject): PortkeyMcpError {
  return new PortkeyMcpError(
    "MISSING_KEY",
    `${record.name}: nothing was sent, because there is no Portkey key. It needs ${NEEDS[record.key]}. ` +
      "Set it, or the same name with _FILE and a file that holds it; " +
      "where callers bring their own key, send the header x-portkey-api-key.",
    { tool: record.name, key: record.key },
  );
}

/** The call asks for a kind of key that is not configured. */
export function missingKind(record: Subject, kind: Kind): PortkeyMcpError {
  const setting = kind === "admin" ? "PORTKEY_ADMIN_API_KEY" : "PORTKEY_API_KEY";
  return new PortkeyMcpError(
    "MISSING_KEY",
    `${record.name}: nothing was sent. The call asks for the ${kind} key, and there is none (${setting}). ` +
      `Leave ${keyArgumentName(record)} out, or have the key configured.`,
    { tool: record.name, key: kind },
  );
}
