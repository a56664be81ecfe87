/**
 * Adds the operations and fields of drafts.yaml that the document lacks. If both have a field, the document's is used.
 */
import {
  methods,
  resolve,
  type Document,
  type Method,
  type Operation,
  type Parameter,
  type Schema,
} from "./document.ts";
import type { Note } from "./note.ts";
import { spelledPath } from "./places/spelled-paths.ts";

export interface WithDrafts {
  readonly document: Document;
  /** Drafts that add nothing, because the document now has all of their content. */
  readonly needless: readonly Note[];
}

/** Returns the document with the drafts. `moves`: new `METHOD /path` to old one. */
export function addDrafts(
  document: Document,
  drafts: Document,
  moves: Readonly<Record<string, string>> = {},
): WithDrafts {
  const paths = { ...document.paths };
  const needless: Note[] = [];
  for (const [path, drafted] of Object.entries(drafts.paths)) {
    const spelled = spelledPath(path, document, moves);
    const item = paths[spelled] ?? {};
    const merged = { ...drafted, ...item };
    for (const method of methods) {
      const [own, draft] = [item[method], drafted[method]];
      if (!draft) continue;
      if (!own) {
        merged[method] = { ...draft, "x-source": "documented" };
        continue;
      }
      const extended = extendOperation(document, own, draft);
      if (extended === own)
        needless.push({ at: placeText(method, path), what: "the document has this drafted operation, whole" });
      merged[method] = extended;
    }
    paths[spelled] = merged;
  }
  return { document: { ...document, paths }, needless };
}

const placeText = (method: Method, path: string) => `${method.toUpperCase()} ${path}`;

/** The operation with the parts that only the draft has; the same object if there are none. */
function extendOperation(document: Document, own: Operation, draft: Operation): Operation {
  const present = (own.parameters ?? []).map((parameter) => resolve(document, parameter));
  const isNew = (parameter: Parameter) =>
    parameter.in !== "path" && !present.some((other) => other.name === parameter.name && other.in === parameter.in);
  const added = (draft.parameters ?? []).filter(isNew).map((parameter) => ({ ...parameter, required: false }));
  const body = extendedBody(document, own, draft);
  if (added.length === 0 && body === own.requestBody) return own;
  return {
    ...own,
    ...(added.length > 0 && { parameters: [...(own.parameters ?? []), ...added] }),
    ...(body && { requestBody: body }),
  };
}

function extendedBody(document: Document, own: Operation, draft: Operation): Operation["requestBody"] {
  const json = "application/json";
  const drafted = draft.requestBody?.content?.[json]?.schema;
  if (!own.requestBody || !drafted) return own.requestBody ?? draft.requestBody;
  const body = resolve(document, own.requestBody);
  const schema = body.content?.[json]?.schema;
  if (!schema) return own.requestBody;
  const extended = extendSchema(document, schema, drafted);
  if (extended === schema) return own.requestBody;
  return { ...body, content: { ...body.content, [json]: { ...body.content?.[json], schema: extended } } };
}

/** The schema with the draft's fields that it lacks, at any depth; the same object if it lacks none. */
function extendSchema(document: Document, own: Schema, draft: Schema): Schema {
  if (draft.items) {
    const base = resolve(document, own);
    if (!base.items) return own;
    const items = extendSchema(document, base.items, draft.items);
    return items === base.items ? own : { ...base, items };
  }
  if (!draft.properties) return own;
  const base = resolve(document, own);
  if (base.type !== undefined && base.type !== "object") return own;
  const parts = [...(base.allOf ?? []), ...(base.oneOf ?? []), ...(base.anyOf ?? [])];
  const known = Object.assign({}, ...parts.map((part) => resolve(document, part).properties ?? {})) as object;
  const added: Record<string, Schema> = {};
  for (const [name, field] of Object.entries(draft.properties)) {
    const present = base.properties?.[name];
    if (!present && name in known) continue;
    const extended = present ? extendSchema(document, present, field) : { ...field, "x-source": "documented" };
    if (extended !== present) added[name] = extended;
  }
  if (Object.keys(added).length === 0) return own;
  // A referenced component is not changed, since other schemas and corrections refer to it.
  if (own.$ref !== undefined) return { allOf: [own, { type: "object", properties: added }] };
  return { ...base, properties: { ...base.properties, ...added } };
}
