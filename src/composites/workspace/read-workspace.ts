/**
 * Reads the objects of a workspace, kind by kind. A list that cannot be read is reported, and the rest is read: a key
 * may be allowed to list prompts but not policies.
 */
import type { Json } from "../../catalog/json.ts";
import { maskSecrets } from "../../log/mask.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import type { CompositeContext } from "../composite.ts";
import { inParallel } from "../steps/in-parallel.ts";
import { asObject, readObject, filterObjects, asText } from "../values/portkey-values.ts";
import { readOrNote, type Unread } from "./read-or-note.ts";
import { toExportedItem, WORKSPACE_KINDS, type WorkspaceKind } from "./workspace-kinds.ts";

export interface WorkspaceContent {
  /** By kind; a kind that could not be listed is absent. */
  readonly items: Readonly<Record<string, readonly Json[]>>;
  readonly unread: readonly Unread[];
  /** The number of objects of the requested kinds. */
  readonly total: number;
  /** The `skip` to continue with, where `maxBytes` was reached. */
  readonly next?: number;
}

export interface ReadOptions {
  readonly kinds?: readonly string[] | undefined;
  /** How many objects to leave out at the beginning; the order is the same on every call. */
  readonly skip?: number;
  readonly maxBytes?: number;
}

interface Task {
  readonly kind: WorkspaceKind;
  readonly row: Json;
}

/** How many objects are read before their size is checked. */
const batch = 8;

export async function readWorkspace(
  context: CompositeContext,
  workspaceId: string,
  { kinds, skip = 0, maxBytes = Infinity }: ReadOptions = {},
): Promise<WorkspaceContent> {
  const unread: Unread[] = [];
  const note = (entry: Unread) => void unread.push(entry);
  const chosen = WORKSPACE_KINDS.filter(({ kind }) => kinds === undefined || kinds.includes(kind));
  const lists = await inParallel(chosen, async (kind) => ({
    kind,
    rows: await readOrNote(kind, note, () =>
      listRows(context, kind, workspaceId, (error) => note({ kind: kind.kind, error })),
    ),
  }));
  const known = lists.filter(({ rows }) => rows !== undefined);
  if (known.length === 0 && unread[0] !== undefined)
    throw new PortkeyMcpError("PORTKEY", `Nothing of workspace ${workspaceId} could be read. ${unread[0].error}`, {
      unread,
    });

  const names = await collectionNames(
    context,
    workspaceId,
    lists.find(({ kind }) => kind.kind === "collections")?.rows,
    chosen,
  );
  const tasks: Task[] = known.flatMap(({ kind, rows = [] }) => [...rows].sort(byName).map((row) => ({ kind, row })));
  const items: Record<string, Json[]> = Object.fromEntries(known.map(({ kind }) => [kind.kind, []]));
  const next = await readTasks({ tasks, skip, maxBytes }, items, {
    read: (task) =>
      readOrNote({ kind: task.kind.kind, name: displayName(task.row) }, note, () => readItem(context, task, names)),
    onProgress: (at) => context.progress(at, tasks.length, `${workspaceId}: ${at} of ${tasks.length}`),
  });
  return { items, unread, total: tasks.length, ...(next < tasks.length && { next }) };
}

interface Part {
  readonly tasks: readonly Task[];
  readonly skip: number;
  readonly maxBytes: number;
}

interface Reading {
  read(task: Task): Promise<Json | undefined>;
  onProgress(at: number): void;
}

/** Reads into `items`, in batches, until `maxBytes` is reached; returns the index of the first task left out. */
async function readTasks(
  { tasks, skip, maxBytes }: Part,
  items: Record<string, Json[]>,
  { read, onProgress }: Reading,
): Promise<number> {
  let bytes = 0;
  let at = skip;
  while (at < tasks.length && bytes <= maxBytes) {
    const found = await inParallel(tasks.slice(at, at + batch), read);
    for (const [index, item] of found.entries()) {
      const size = item === undefined ? 0 : Buffer.byteLength(JSON.stringify(item));
      if (bytes > 0 && bytes + size > maxBytes) return at + index;
      bytes += size;
      if (item !== undefined) items[(tasks[at + index] as Task).kind.kind]?.push(item);
    }
    at += found.length;
    onProgress(at);
  }
  return at;
}

async function listRows(
  context: CompositeContext,
  { list, paged }: WorkspaceKind,
  workspaceId: string,
  onShort?: (text: string) => void,
): Promise<readonly Json[]> {
  const args = { workspace_id: workspaceId, ...(paged && { current_page: 0, page_size: 100 }) };
  return filterObjects(await context.callAll(list, args, undefined, onShort));
}

async function readItem(
  context: CompositeContext,
  { kind, row }: Task,
  names: ReadonlyMap<unknown, unknown>,
): Promise<Json> {
  const id = kind.get?.from.map((name) => asText(row[name])).find((text) => text !== undefined);
  if (kind.get === undefined || id === undefined) return asObject(maskSecrets(toExportedItem(kind, row, {}, names)));
  const { body } = await context.call(kind.get.tool, { [kind.get.argument]: id });
  return asObject(maskSecrets(toExportedItem(kind, row, readObject(body), names)));
}

/** The names of collections by id, for prompts and partials, which have only the id. */
async function collectionNames(
  context: CompositeContext,
  workspaceId: string,
  rows: readonly Json[] | undefined,
  chosen: readonly WorkspaceKind[],
): Promise<ReadonlyMap<unknown, unknown>> {
  const namesOf = (found: readonly Json[]) => new Map(found.map((row) => [row["id"], row["name"]]));
  if (rows !== undefined) return namesOf(rows);
  const wanted = chosen.some(({ kind }) => kind === "prompts" || kind === "partials");
  if (!wanted) return new Map();
  const collections = WORKSPACE_KINDS.find(({ kind }) => kind === "collections") as WorkspaceKind;
  const read = () => listRows(context, collections, workspaceId);
  return namesOf((await readOrNote(collections, () => undefined, read)) ?? []);
}

export function displayName(item: Json): string | undefined {
  return asText(item["name"]) ?? asText(item["slug"]) ?? asText(item["id"]);
}

function byName(a: Json, b: Json): number {
  const [left, right] = [a, b].map((item) => `${displayName(item) ?? ""} ${asText(item["id"]) ?? ""}`) as [
    string,
    string,
  ];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
