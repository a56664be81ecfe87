/** Which of the caller's keys a request goes out with. */
import type { KeyKind, ToolRecord } from "../../catalog/record.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import type { Credentials } from "../port.ts";

export interface ChosenKey {
  /** undefined where the operation takes no key at all. */
  readonly value?: string;
  readonly kind: "workspace" | "admin" | "none";
  /**
   * The other kind was needed, and the caller has none of it.
   * A workspace tool says so at once, an admin tool when Portkey refuses.
   */
  readonly standIn: boolean;
  readonly warnings: readonly string[];
}

/** Which key comes first for each kind of need. */
const ORDER: Readonly<Record<Exclude<KeyKind, "none">, readonly ["workspace" | "admin", "workspace" | "admin"]>> = {
  any: ["workspace", "admin"],
  workspace: ["workspace", "admin"],
  admin: ["admin", "workspace"],
};

/** The key for a record; throws MISSING_KEY where the caller has none, and never puts one into a message. */
export function chooseKey(record: Pick<ToolRecord, "name" | "key">, credentials: Credentials): ChosenKey {
  if (record.key === "none") return { kind: "none", standIn: false, warnings: [] };
  const values = { workspace: credentials.workspaceKey, admin: credentials.adminKey };
  const kind = ORDER[record.key].find((one) => Boolean(values[one]));
  const value = kind && values[kind];
  if (kind === undefined || !value) throw missingKey(record.name, record.key);
  // fetch would refuse such a key too, but with a message that spells it out.
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
  return { value, kind, standIn, warnings };
}

const NEEDS: Readonly<Record<KeyKind, string>> = {
  any: "a workspace key (PORTKEY_API_KEY) or an admin key (PORTKEY_ADMIN_API_KEY)",
  workspace: "a workspace key (PORTKEY_API_KEY; an admin key in PORTKEY_ADMIN_API_KEY may do)",
  admin: "an admin key (PORTKEY_ADMIN_API_KEY; one in PORTKEY_API_KEY may do)",
  none: "no key",
};

function missingKey(tool: string, need: KeyKind): PortkeyMcpError {
  return new PortkeyMcpError(
    "MISSING_KEY",
    `${tool}: nothing was sent, because there is no Portkey key. It needs ${NEEDS[need]}. ` +
      "Set it, or the same name with _FILE and a file that holds it; " +
      "where callers bring their own key, send the header x-portkey-api-key.",
    { tool, key: need },
  );
}
