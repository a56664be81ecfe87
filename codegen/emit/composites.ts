/** Generates the names of the composites and the types of their arguments, from their rows, by openapi-typescript. */
import type { Tool } from "../derive/tool.ts";
import type { Schema } from "../read/document.ts";

const note =
  "/** By a composite's name: its arguments as they have been checked, without those that every tool takes. */";

/** An OpenAPI document that has the arguments of each composite as a component. The types are generated from it. */
export function compositesDocument(tools: readonly Tool[]) {
  const schemas = Object.fromEntries(
    tools.flatMap((tool) => (tool.record.composite ? [[tool.record.composite, ownSchema(tool)] as const] : [])),
  );
  return { openapi: "3.1.0", info: { title: "", version: "" }, paths: {}, components: { schemas } };
}

export async function emitComposites(document: ReturnType<typeof compositesDocument>): Promise<string> {
  const { default: openapiTS, astToString } = await import("openapi-typescript");
  // `defaultNonNullable: false`: an argument with a default stays optional.
  const nodes = await openapiTS(document as never, { emptyObjectsUnknown: true, defaultNonNullable: false });
  const names = Object.keys(document.components.schemas).sort();
  const lines = [
    "/** The files in src/composites/tools/. */",
    `export const compositeNames = ${JSON.stringify(names, null, 2)} as const;`,
    "",
    astToString(nodes),
    note,
    'export type CompositeArguments = components["schemas"];',
    "",
  ];
  return lines.join("\n");
}

/** The schema without the arguments common to all tools. Those are handled before a composite runs. */
function ownSchema({ full, record }: Tool) {
  const schemas = full["properties"] as Readonly<Record<string, Schema>>;
  const properties = record.arguments.map(({ name, place }) => {
    const schema = schemas[name] as Schema;
    return [name, place === "own" ? schema : shallow(schema)] as const;
  });
  return { ...full, properties: Object.fromEntries(properties) };
}

/** The schema with objects of the API left open: composites pass them on, so their members need no types. */
function shallow(schema: Schema): Schema {
  if (schema.properties) return { type: "object", description: schema["description"] };
  return {
    ...schema,
    ...(schema.items && { items: shallow(schema.items) }),
    ...(schema.anyOf && { anyOf: schema.anyOf.map(shallow) }),
    ...(schema.oneOf && { oneOf: schema.oneOf.map(shallow) }),
  };
}
