/** What a caller should know of the key that was used: that it narrowed a list, and whose a new object is. */
import { isObject } from "../../catalog/json.ts";
import { keyArgumentOf } from "../../catalog/key-argument.ts";
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
}

/** Notes on an answer; empty for most. */
export function keyNotes(used: UsedKey, body: unknown): string[] {
  if (used.key.unsure) return [`The admin key was used, because ${used.key.because}.`];
  if (used.record.key !== "any" || used.subject.workspaces.length > 0) return [];
  return [...narrowedList(used, body), ...scopeOfNew(used, body)];
}

function narrowedList({ record, key, credentials }: UsedKey, body: unknown): string[] {
  if (record.risk !== "read" || key.kind !== "workspace" || !spansWorkspaces(record)) return [];
  if (findList(body) === undefined) return [];
  const seen = "The workspace key was used, and this key sees only its own workspace";
  if (!credentials.adminKey) return record.reach === "organisation" ? [`${seen}.`] : [];
  return [`${seen}; ${keyArgumentOf(record)}: "admin" lists those of every workspace.`];
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
