/** What a caller should know of the key that was used: that it narrowed a list, and whose a new object is. */
import { isObject } from "../../catalog/json.ts";
import { keyArgumentName } from "../../catalog/key-argument.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import { findList } from "../response/lists.ts";
import type { Credentials } from "../port.ts";
import type { CallSubject } from "./call-subject.ts";
import type { ChosenKey } from "./take-key.ts";

export interface UsedKey {
  readonly record: ToolRecord;
  readonly key: ChosenKey;
  readonly subject: CallSubject;
  readonly credentials: Credentials;
  /** The names of the workspace key's own workspace, as far as they are known; the slug last. */
  readonly own?: ReadonlySet<string> | undefined;
}

/** Notes on an answer; empty for most. */
export function keyNotes(used: UsedKey, body: unknown): string[] {
  if (used.key.unsure) return [`The admin key was used, because ${used.key.because}.`];
  if (used.record.key !== "any" || used.subject.workspaces.length > 0) return [];
  return [...narrowedList(used, body), ...scopeOfNew(used, body)];
}

function narrowedList({ record, key, credentials, own }: UsedKey, body: unknown): string[] {
  if (record.risk !== "read" || key.kind !== "workspace" || !spansWorkspaces(record)) return [];
  if (!credentials.adminKey && record.reach !== "organisation") return [];
  const items = findList(body)?.items;
  if (items === undefined) return [];
  const told = nameOfOwn(record, items.filter(isObject));
  // The slug is what people know it by.
  const name = told === undefined || own?.has(told) ? ([...(own ?? [])].at(-1) ?? told) : told;
  const seen = `The workspace key was used, and this key sees only its own workspace${name ? ` (${name})` : ""}`;
  if (!credentials.adminKey) return [`${seen}.`];
  return [`${seen}; ${keyArgumentName(record)}: "admin" lists those of every workspace.`];
}

/** What the answer itself calls the workspace: its only row, or the one workspace of all rows. */
function nameOfOwn({ tellsWorkspace }: ToolRecord, rows: readonly Readonly<Record<string, unknown>>[]) {
  const [first, ...others] = rows;
  if (tellsWorkspace === "id" && first !== undefined && others.length === 0) return textIn(first, ["slug", "id"]);
  const homes = new Set(rows.map((row) => textIn(row, ["workspace_id"])));
  return homes.size === 1 ? [...homes][0] : undefined;
}

function textIn(row: Readonly<Record<string, unknown>>, members: readonly string[]): string | undefined {
  return members.map((name) => row[name]).find((value): value is string => typeof value === "string" && value !== "");
}

/** A list of the organisation's, or one that a workspace only filters. */
function spansWorkspaces({ reach, method, path = "", arguments: known, paging }: ToolRecord): boolean {
  if (method !== "GET" || path.includes("{")) return false;
  return (
    reach === "organisation" || known.some(({ namesWorkspace }) => namesWorkspace === true) || paging !== undefined
  );
}

/** A new object that could be the organisation's or a workspace's. */
function scopeOfNew({ record, key }: UsedKey, body: unknown): string[] {
  if (record.risk !== "create" || !isEither(record)) return [];
  const made = isObject(body) && isObject(body["data"]) ? body["data"] : body;
  const workspace = isObject(made) ? made["workspace_id"] : undefined;
  if (typeof workspace === "string" && workspace !== "") return [`It belongs to workspace ${workspace}.`];
  return key.kind === "workspace"
    ? ["The workspace key was used: what it makes belongs to its own workspace, not to the organisation."]
    : ["The admin key was used and no workspace was named: it belongs to the organisation."];
}

function isEither({ reach, arguments: known }: ToolRecord): boolean {
  if (!known.some(({ name }) => name === "workspace_id")) return false;
  return reach === "organisation" || known.some(({ organisationWhen }) => organisationWhen !== undefined);
}
