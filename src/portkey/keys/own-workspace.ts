/**
 * Finds out which workspace a workspace key belongs to, by id and slug. Portkey has no operation for that, but a
 * workspace key can only list its own workspace. Each key is asked about once, when first needed. Where the answers are
 * ambiguous, the workspace counts as unknown.
 */
import { isObject } from "../../catalog/json.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import { findList } from "../response/lists.ts";
import type { Answer, CallContext, Credentials } from "../port.ts";
import { raceAbort } from "../race-abort.ts";

type Values = Readonly<Record<string, unknown>>;
export type SendRead = (record: ToolRecord, args: Values, context: CallContext) => Promise<Answer>;

export interface OwnWorkspaces {
  /** The id and slug of the workspace key's own workspace; undefined where unknown. Rejects only with the signal. */
  learn(credentials: Credentials, signal: AbortSignal): Promise<ReadonlySet<string> | undefined>;
  /** The same, as far as it was found out before. */
  known(credentials: Credentials): ReadonlySet<string> | undefined;
}

interface Learned {
  readonly names: Promise<ReadonlySet<string> | undefined>;
  /** The result of `names`, once there is one. */
  settled?: ReadonlySet<string> | undefined;
  until: number;
}

/** How many keys are remembered; older ones are asked about again. */
const MOST_KEYS = 500;
const PATIENCE_MS = 5_000;
/** A known workspace may get another slug; an unknown one may be unknown because of a passing failure. */
const KEPT_MS = { known: 3_600_000, unknown: 60_000 };

/** `records` are the catalogue's; the lists with `tellsWorkspace` are read in turn, that of workspaces first. */
export function createOwnWorkspaces(
  records: readonly ToolRecord[],
  send: SendRead,
  now: () => number = Date.now,
): OwnWorkspaces {
  const learned = new Map<string, Learned>();
  // Keyed by the credentials object, so that no key itself is stored.
  const fingerprints = new WeakMap<Credentials, string>();
  const tellers = records
    .filter(({ tellsWorkspace }) => tellsWorkspace !== undefined)
    .sort((a, b) => Number(b.tellsWorkspace === "id") - Number(a.tellsWorkspace === "id"));

  function ask(fingerprint: string, credentials: Credentials): Learned {
    const names = namesOf({ tellers, records, send, credentials }).catch(() => undefined);
    const entry: Learned = { names, until: now() + KEPT_MS.known };
    learned.delete(fingerprint);
    learned.set(fingerprint, entry);
    if (learned.size > MOST_KEYS) learned.delete(learned.keys().next().value as string);
    void names.then((found) => {
      entry.settled = found;
      if (found === undefined) entry.until = now() + KEPT_MS.unknown;
    });
    return entry;
  }

  return {
    async learn(credentials, signal) {
      const { workspaceKey } = credentials;
      if (workspaceKey === undefined || tellers.length === 0) return undefined;
      const fingerprint = fingerprints.get(credentials) ?? (await fingerprintOf(workspaceKey));
      fingerprints.set(credentials, fingerprint);
      const entry = learned.get(fingerprint);
      const current = entry !== undefined && entry.until > now() ? entry : ask(fingerprint, credentials);
      return raceAbort(current.names, signal);
    },
    known: (credentials) => learned.get(fingerprints.get(credentials) ?? "")?.settled,
  };
}

interface Inquiry {
  readonly tellers: readonly ToolRecord[];
  readonly records: readonly ToolRecord[];
  readonly send: SendRead;
  readonly credentials: Credentials;
}

/** The id and slug; undefined where no list that the key may read shows them. */
async function namesOf(inquiry: Inquiry): Promise<ReadonlySet<string> | undefined> {
  const { tellers, send, credentials } = inquiry;
  const { workspaceKey = "" } = credentials;
  // Several calls may wait for the result, so the signal of a single one must not abort it.
  const context: CallContext = { credentials: { workspaceKey }, signal: AbortSignal.timeout(PATIENCE_MS) };
  for (const teller of tellers) {
    const rows = await send(teller, {}, context).then(rowsOf, () => []);
    const names =
      teller.tellsWorkspace === "id" ? namesInOnlyRow(rows) : await namesById(inquiry, workspaceIdsIn(rows));
    if (names !== undefined) return names;
  }
  return undefined;
}

/** The names in the only row; where there are several workspaces, the key's own is not known. */
function namesInOnlyRow(rows: readonly Values[]): ReadonlySet<string> | undefined {
  const [row, ...others] = rows;
  return row === undefined || others.length > 0 ? undefined : namesIn(row, ["id", "slug"]);
}

function workspaceIdsIn(rows: readonly Values[]): readonly string[] {
  return [...new Set(rows.map((row) => row["workspace_id"]))].filter(
    (id) => typeof id === "string" && id !== "",
  ) as string[];
}

/** Rows name their workspace by id or by slug. The workspace itself, read with the admin key, has both. */
async function namesById(
  { tellers, records, send, credentials }: Inquiry,
  ids: readonly string[],
): Promise<ReadonlySet<string> | undefined> {
  const [id, ...others] = ids;
  if (id === undefined || others.length > 0) return undefined;
  const list = tellers.find(({ tellsWorkspace }) => tellsWorkspace === "id");
  const reader = records.find(
    ({ method, path }) => method === "GET" && path?.replace(/\/\{\w+\}$/, "") === list?.path && path !== list?.path,
  );
  const argument = reader?.arguments.find(({ place }) => place === "path");
  const { adminKey } = credentials;
  if (reader === undefined || argument === undefined || adminKey === undefined) return new Set([id]);
  const context: CallContext = { credentials: { adminKey }, signal: AbortSignal.timeout(PATIENCE_MS) };
  const { body } = await send(reader, { [argument.name]: id }, context);
  const workspace = isObject(body) && isObject(body["data"]) ? body["data"] : body;
  return isObject(workspace) ? new Set([id, ...(namesIn(workspace, ["id", "slug"]) ?? [])]) : undefined;
}

function rowsOf({ body }: Answer): readonly Values[] {
  return (findList(body)?.items ?? []).filter(isObject);
}

function namesIn(row: Values, members: readonly string[]): ReadonlySet<string> | undefined {
  const names = members
    .map((name) => row[name])
    .filter((name): name is string => typeof name === "string" && name !== "");
  return names.length === 0 ? undefined : new Set(names);
}

/** The key's hash. node:crypto is imported here, since loading it would take 4 ms of every start. */
async function fingerprintOf(key: string): Promise<string> {
  const { createHash } = await import("node:crypto");
  return createHash("sha256").update(key).digest("base64");
}
