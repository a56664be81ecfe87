/**
 * Adds the names of objects beside their ids in an answer (`names: true`): `workspace_name` beside `workspace_id`,
 * `workspaces: [{id, name}]` beside `workspace_ids`. Portkey's members are not changed.
 * The names come from the list of each kind, which is read once for the whole answer.
 */
import { isObject, setMember, type Json } from "../../catalog/json.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import type { Verdict } from "../../catalog/policy.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import type { CallContext } from "../port.ts";
import type { NameLists } from "./name-lists.ts";
import type { NamedObject } from "./named-objects.ts";
import { kindOfField, listOf, type KindName } from "./object-kinds.ts";

export interface NamingParts {
  readonly records: readonly ToolRecord[];
  readonly lists: NameLists;
  readonly admits: (record: ToolRecord) => Verdict;
  readonly context: CallContext;
  /** The kind of key that the answer was read with. */
  readonly used: CallContext["key"];
  /** The workspace that the call acted in. */
  readonly home: string | undefined;
  /** The call asks for names, so lists are read. Otherwise only cached lists are used. */
  readonly wanted: boolean;
}

export interface NamedBody {
  /** The same object where no name was added. */
  readonly body: unknown;
  readonly notes: readonly string[];
}

type NamesOf = ReadonlyMap<KindName, ReadonlyMap<string, string>>;

/** Members whose content is data of users, where names of fields mean nothing. */
const DATA = new Set(["metadata", "config", "request", "response", "parameters", "configurations", "string", "value"]);
const DEEPEST = 5;
/** How many objects of an answer are searched for ids. */
const MOST_OBJECTS = 20_000;

/** The body with names beside its ids. A list that cannot be read causes a note; only an abort throws. */
export async function addNames(parts: NamingParts, body: unknown): Promise<NamedBody> {
  const kinds = kindsIn(body);
  if (kinds.size === 0) return { body, notes: [] };
  const names = new Map<KindName, ReadonlyMap<string, string>>();
  const notes: string[] = [];
  for (const kind of kinds) {
    const found = await namesOfKind(parts, kind);
    if (typeof found === "string") notes.push(found);
    else if (found !== undefined) names.set(kind, found);
  }
  return { body: names.size === 0 ? body : withNames(body, names, DEEPEST), notes };
}

/** Names by id and slug; a sentence where they could not be read; undefined where they are not cached or wanted. */
async function namesOfKind(
  { records, lists, admits, context, used, home, wanted }: NamingParts,
  kind: KindName,
): Promise<ReadonlyMap<string, string> | string | undefined> {
  const list = listOf(records, kind);
  if (list === undefined) return undefined;
  const verdict = admits(list);
  if (!verdict.allowed) return wanted ? `names: those of ${kind}s are left out. ${verdict.reason}` : undefined;
  // A workspace's list is read with the key of the answer; for the organisation's lists the key is chosen as usual.
  const inWorkspace = list.reach === "workspace";
  const request = inWorkspace
    ? { list, workspace: home, context: { ...context, key: used } }
    : { list, workspace: undefined, context };
  if (!wanted) return mapOf(lists.kept(request));
  try {
    return mapOf(await lists.read(request));
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof PortkeyMcpError)) throw error;
    return `names: those of ${kind}s could not be read. ${error.message}`;
  }
}

function mapOf(objects: readonly NamedObject[] | undefined): ReadonlyMap<string, string> | undefined {
  if (objects === undefined) return undefined;
  return new Map(
    objects.flatMap(({ id, slug, name }) => [id, slug].flatMap((key) => (key === undefined ? [] : [[key, name]]))),
  );
}

/** The kinds of objects that the body names by id. */
function kindsIn(body: unknown): ReadonlySet<KindName> {
  const kinds = new Set<KindName>();
  let left = MOST_OBJECTS;
  const look = (value: unknown, depth: number, itemsOf: KindName | undefined): void => {
    if (depth < 0 || (left -= 1) < 0) return;
    if (Array.isArray(value)) value.forEach((item) => look(item, depth, itemsOf));
    if (!isObject(value)) return;
    if (itemsOf !== undefined && isNameless(value)) kinds.add(itemsOf);
    for (const [name, member] of Object.entries(value)) {
      const kind = kindOfField(name);
      if (kind !== undefined && holdsIds(member)) kinds.add(kind);
      if (!DATA.has(name)) look(member, depth - 1, kind);
    }
  };
  look(body, DEEPEST, undefined);
  return kinds;
}

/** Whether an item has an id and no name. */
function isNameless(item: Json): boolean {
  return typeof item["id"] === "string" && ["name", "email", "first_name"].every((name) => item[name] === undefined);
}

function holdsIds(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every((item) => typeof item === "string");
  return typeof value === "string" && value !== "";
}

function withNames(value: unknown, names: NamesOf, depth: number, itemsOf?: KindName): unknown {
  if (depth < 0) return value;
  if (Array.isArray(value)) return value.map((item) => withNames(item, names, depth, itemsOf));
  if (!isObject(value)) return value;
  const named: Json = {};
  for (const [name, member] of Object.entries(value)) {
    const kind = kindOfField(name);
    setMember(named, name, DATA.has(name) ? member : withNames(member, names, depth - 1, kind));
    const known = kind && names.get(kind);
    const beside = known && nameBeside(name, member, known);
    if (beside !== undefined && value[beside.member] === undefined) setMember(named, beside.member, beside.value);
  }
  const own = itemsOf && isNameless(value) ? names.get(itemsOf)?.get(value["id"] as string) : undefined;
  if (own !== undefined) setMember(named, "name", own);
  return named;
}

/**
 * The member to add for a field: `workspace_name` for `workspace_id`, `workspaces` for `workspace_ids`, `user_names`
 * for `users`.
 */
function nameBeside(
  field: string,
  value: unknown,
  names: ReadonlyMap<string, string>,
): { readonly member: string; readonly value: unknown } | undefined {
  if (typeof value === "string") {
    const name = names.get(value);
    return name === undefined ? undefined : { member: `${field.replace(/_(?:id|slug)$/, "")}_name`, value: name };
  }
  if (!holdsIds(value)) return undefined;
  const objects = (value as string[]).map((id) => {
    const name = names.get(id);
    return name === undefined ? { id } : { id, name };
  });
  const member = /_ids$/.test(field) ? field.replace(/_ids$/, "s") : `${field.replace(/s$/, "")}_names`;
  return { member, value: objects };
}
