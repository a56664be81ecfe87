/** Moves inline bodies and responses into named components, so that generated types and validators are readable. */
import { methods, operationsOf, type Body, type Document, type Schema } from "./document.ts";
import { derivedName } from "../derive/derive.ts";
import { pascalCase } from "../derive/words.ts";

/** A copy in which each structured body and response is a `$ref` to `<DerivedName>Body` or `<DerivedName>Answer`. */
export function hoistInlineSchemas(document: Document): Document {
  const copy = structuredClone(document);
  const schemas = ((copy.components ??= {})["schemas"] ??= {}) as Record<string, Schema>;
  const hoist = (holder: Body | undefined, name: string) => {
    const media = holder?.content?.["application/json"];
    if (!media?.schema || media.schema.$ref || !hasStructure(media.schema)) return;
    const free = unusedName(name, schemas);
    schemas[free] = media.schema;
    media.schema = { $ref: `#/components/schemas/${free}` };
  };
  for (const { method, path, operation } of operationsOf(copy)) {
    const name = pascalCase(derivedName(method, path));
    hoist(operation.requestBody, `${name}Body`);
    for (const [status, answer] of Object.entries(operation.responses))
      hoist(answer, status.startsWith("2") ? `${name}Answer` : `${name}Error${status}`);
  }
  return copy;
}

function hasStructure(schema: Schema): boolean {
  return Boolean(schema.properties ?? schema.items ?? schema.allOf ?? schema.oneOf ?? schema.anyOf);
}

function unusedName(name: string, taken: Record<string, unknown>): string {
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? name : `${name}${count}`;
    if (!Object.hasOwn(taken, candidate)) return candidate;
  }
}

/** A sorted copy: paths and components by name, keywords in the usual order of OpenAPI. */
export function sortDocument(document: Document): Document {
  const byName = <T>(record: Record<string, T>) =>
    Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
  const paths = Object.entries(byName(document.paths)).map(([path, item]) => {
    const known = ["servers", "parameters", ...methods] as const;
    return [path, Object.fromEntries(known.flatMap((key) => (item[key] === undefined ? [] : [[key, item[key]]])))];
  });
  const components = Object.entries(byName(document.components ?? {})).map(([section, entries]) => [
    section,
    byName(entries),
  ]);
  const { openapi, info, servers, security, components: _, paths: __ } = document;
  return {
    openapi,
    info,
    ...(servers && { servers }),
    ...(security !== undefined && { security }),
    paths: Object.fromEntries(paths) as Document["paths"],
    components: Object.fromEntries(
      components.filter(([, entries]) => Object.keys(entries as object).length > 0),
    ) as Record<string, Record<string, unknown>>,
  };
}
