/** What an import changes for callers of the tools. Changes of the document that no tool shows are not listed. */
import type { JsonSchema } from "../../src/catalog/record.ts";
import type { Tool } from "../derive/tool.ts";
import { canonical } from "../read/canonical.ts";

export interface Change {
  readonly kind:
    | "added"
    | "removed"
    | "renamed"
    | "argument added"
    | "argument removed"
    | "newly required"
    | "no longer required"
    | "type"
    | "values"
    | "risk"
    | "source";
  readonly tool: string;
  /** One line, without the tool's name. */
  readonly what: string;
  /** A call that succeeded before the import can fail after it. */
  readonly breaking: boolean;
}

/** All changes between two lists of tools, sorted by tool name. Within a tool, breaking changes come first. */
export function changesBetween(before: readonly Tool[], after: readonly Tool[]): Change[] {
  const old = new Map(before.map((tool) => [tool.record.name, tool]));
  const current = new Map(after.map((tool) => [tool.record.name, tool]));
  const renamed = new Map<string, string>();
  for (const { record } of after) {
    for (const alias of record.aliases)
      if (old.has(alias) && !current.has(alias) && !old.has(record.name)) renamed.set(alias, record.name);
  }
  const newNames = new Set(renamed.values());
  const changes = [
    ...[...renamed].map(([from, to]): Change => ({
      kind: "renamed",
      tool: to,
      what: `was ${from}, which still works`,
      breaking: false,
    })),
    ...after
      .filter(({ record }) => !old.has(record.name) && !newNames.has(record.name))
      .map((tool): Change => ({ kind: "added", tool: tool.record.name, what: placeOf(tool), breaking: false })),
    ...before
      .filter(({ record }) => !current.has(record.name) && !renamed.has(record.name))
      .map((tool): Change => ({ kind: "removed", tool: tool.record.name, what: placeOf(tool), breaking: true })),
    ...before.flatMap((tool) => {
      const next = current.get(renamed.get(tool.record.name) ?? tool.record.name);
      return next ? toolChanges(tool, next) : [];
    }),
  ];
  return changes.sort(
    (a, b) => compare(a.tool, b.tool) || Number(b.breaking) - Number(a.breaking) || compare(a.what, b.what),
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

const placeOf = ({ record }: Tool) => (record.method ? `${record.method} ${record.path}` : "several requests");

function toolChanges(before: Tool, after: Tool): Change[] {
  const tool = after.record.name;
  const changes: Change[] = [];
  const add = (kind: Change["kind"], what: string, breaking: boolean) => changes.push({ kind, tool, what, breaking });
  if (placeOf(before) !== placeOf(after))
    add("renamed", `its path, ${placeOf(before)}, is now ${placeOf(after)}`, false);
  if (before.record.source !== after.record.source) add("source", sourceText(after), false);
  if (before.record.risk !== after.record.risk) add("risk", `${before.record.risk} is now ${after.record.risk}`, false);

  const was = before.full.properties ?? {};
  const is = after.full.properties ?? {};
  const required = new Set(after.full.required ?? []);
  const wasRequired = new Set(before.full.required ?? []);
  for (const name of Object.keys(is)) {
    if (!(name in was))
      add(
        required.has(name) ? "newly required" : "argument added",
        required.has(name) ? `${name} (new)` : name,
        required.has(name),
      );
    else if (required.has(name) && !wasRequired.has(name)) add("newly required", name, true);
    else if (!required.has(name) && wasRequired.has(name)) add("no longer required", name, false);
  }
  for (const [name, schema] of Object.entries(was)) {
    if (name in is)
      for (const change of schemaChanges(name, schema, is[name] as JsonSchema))
        add(change.kind, change.what, change.breaking);
    else add("argument removed", name, true);
  }
  return changes;
}

function sourceText({ record }: Tool): string {
  return record.source === "spec" ? "is in Portkey's document now" : "is no longer in Portkey's document, and stays";
}

/** Changes of a field's type, values and inner fields, each named by its dotted path. */
function schemaChanges(
  path: string,
  before: JsonSchema,
  after: JsonSchema,
): Pick<Change, "kind" | "what" | "breaking">[] {
  const [old, current] = [typesOf(before), typesOf(after)];
  const lost = old.filter((type) => !current.includes(type) && !current.includes("any"));
  const changes: Pick<Change, "kind" | "what" | "breaking">[] = [];
  if (old.join() !== current.join())
    changes.push({
      kind: "type",
      what: `${path}: ${old.join(" or ")} is now ${current.join(" or ")}`,
      breaking: lost.length > 0,
    });
  if (lost.length > 0) return changes;
  const gone = (before.enum ?? []).filter((value) => after.enum !== undefined && !after.enum.includes(value));
  const come = (after.enum ?? []).filter((value) => before.enum !== undefined && !before.enum.includes(value));
  if (come.length > 0) changes.push({ kind: "values", what: `${path} also takes ${come.join(", ")}`, breaking: false });
  // Enum values are hints. A value that the document no longer lists is still sent, with a warning.
  if (gone.length > 0)
    changes.push({ kind: "values", what: `${path} no longer lists ${gone.join(", ")}`, breaking: false });
  const inner = { was: membersOf(before), is: membersOf(after) };
  const needed = new Set(after.required ?? after.items?.required ?? []);
  const wasNeeded = new Set(before.required ?? before.items?.required ?? []);
  for (const name of Object.keys(inner.is)) {
    const dotted = `${path}.${name}`;
    if (needed.has(name) && !wasNeeded.has(name))
      changes.push({ kind: "newly required", what: dotted, breaking: true });
    else if (!(name in inner.was)) changes.push({ kind: "argument added", what: dotted, breaking: false });
  }
  for (const [name, schema] of Object.entries(inner.was)) {
    const next = inner.is[name];
    if (next) changes.push(...schemaChanges(`${path}.${name}`, schema, next));
    else changes.push({ kind: "argument removed", what: `${path}.${name}`, breaking: true });
  }
  if (changes.length === 0 && canonical(before.oneOf ?? before.anyOf) !== canonical(after.oneOf ?? after.anyOf)) {
    changes.push({ kind: "type", what: `${path}: its shapes changed`, breaking: false });
  }
  return changes;
}

function formsOf(schema: JsonSchema): readonly JsonSchema[] {
  return (schema["oneOf"] ?? schema["anyOf"] ?? []) as JsonSchema[];
}

/** The fields of an object, of a list's items, or of any variant of a union. */
function membersOf(schema: JsonSchema): Record<string, JsonSchema> {
  const own = schema.properties ?? schema.items?.properties ?? {};
  return Object.assign({}, ...formsOf(schema).map(membersOf), own) as Record<string, JsonSchema>;
}

function typesOf(schema: JsonSchema): string[] {
  const type = schema.type as string | string[] | undefined;
  if (type !== undefined) return [type].flat();
  const types = formsOf(schema).flatMap(typesOf);
  return types.length > 0 ? [...new Set(types)] : ["any"];
}
