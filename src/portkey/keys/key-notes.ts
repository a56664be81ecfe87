/** Notes about the key that was used: that it narrowed a list, or which workspace a new object belongs to. */
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
  /** The id and slug of the workspace key's own workspace, as far as they are known; the slug is the last one. */
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
  const shown = nameOfOwn(record, items.filter(isObject));
  // People know a workspace by its slug rather than its id.
  const name = shown === undefined || own?.has(shown) ? ([...(own ?? [])].at(-1) ?? shown) : shown;
  const seen = `The workspace key was used, and this key sees only its own workspace${name ? ` (${name})` : ""}`;
  if (!credentials.adminKey) return [`${seen}.`];
  return [`${seen}; ${keyArgumentName(record)}: "admin" lists those of every workspace.`];
}

/** The workspace by the answer itself: the only row of a list of workspaces, or the one workspace of all rows. */
function nameOfOwn({ tellsWorkspace }: ToolRecord, rows: readonly Readonly<Record<string, unknown>>[]) {
  const [first, ...others] = rows;
  if (tellsWorkspace === "id" && first !== undefined && others.length === 0) return textIn(first, ["slug", "id"]);
  const homes = new Set(rows.map((row) => textIn(row, ["workspace_id"])));
  return homes.size === 1 ? [...homes][0] : undefined;
}

function textIn(row: Readonly<Record<string, unknown>>, members: readonly string[]): string | undefined {
  return members.map((name) => row[name]).find((value): value is string => typeof value === "string" && value !== "");
}

/** Whether the tool lists objects of several workspaces: those of the organisation, or filtered by a workspace. */
function spansWorkspaces({ reach, method, path = "", arguments: known, paging }: ToolRecord): boolean {
  if (method !== "GET" || path.includes("{")) return false;
  return (
    reach === "organisation" || known.some(({ namesWorkspace }) => namesWorkspace === true) || paging !== undefined
  );
}

/** The note about a new object that could belong to the organisation or to a workspace. */
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
