/** The composites' names, and the types of their arguments by openapi-typescript: both follow from their rows. */
import type { Tool } from "../derive/tool.ts";
import type { Schema } from "../read/document.ts";

const note =
  "/** By a composite's name: its arguments as they have been checked, without those that every tool takes. */";

/** What they are made from: each composite's arguments as a component. */
export function compositesDocument(tools: readonly Tool[]) {
  const schemas = Object.fromEntries(
    tools.flatMap((tool) => (tool.record.composite ? [[tool.record.composite, ownSchema(tool)] as const] : [])),
  );
  return { openapi: "3.1.0", info: { title: "", version: "" }, paths: {}, components: { schemas } };
}

export async function emitComposites(document: ReturnType<typeof compositesDocument>): Promise<string> {
  const { default: openapiTS, astToString } = await import("openapi-typescript");
  // An argument with a default may still be left out.
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

/** Without what every tool takes, which does not reach a composite. */
function ownSchema({ full, record }: Tool) {
  const schemas = full["properties"] as Readonly<Record<string, Schema>>;
  const properties = record.arguments.map(({ name, place }) => {
    const schema = schemas[name] as Schema;
    return [name, place === "own" ? schema : shallow(schema)] as const;
  });
  return { ...full, properties: Object.fromEntries(properties) };
}

/** What the API's own objects hold is not the composites' business: their members are of any type. */
function shallow(schema: Schema): Schema {
  if (schema.properties) return { type: "object", description: schema["description"] };
  return {
    ...schema,
    ...(schema.items && { items: shallow(schema.items) }),
    ...(schema.anyOf && { anyOf: schema.anyOf.map(shallow) }),
    ...(schema.oneOf && { oneOf: schema.oneOf.map(shallow) }),
  };
}
