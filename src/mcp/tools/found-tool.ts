/**
 * A tool's schema in the results of search_tools: its listing, with the arguments that the listing folds into `more`.
 * Of those only the type is shown, and of objects and lists their description; describe_tool shows the rest.
 */
import type { ListedTool } from "../../catalog/lookup.ts";
import type { JsonSchema, ToolRecord } from "../../catalog/record.ts";

/** The listed schema of `record` without `more`; `full` is its full schema. */
export function foundSchema(record: ToolRecord, listed: ListedTool | undefined, full: JsonSchema): JsonSchema {
  const { more, ...properties } = listed?.inputSchema.properties ?? {};
  if (more === undefined) return listed?.inputSchema ?? full;
  const names = [...record.arguments.filter(({ folded }) => folded).map(({ name }) => name), ...OWN];
  const added = names.filter((name) => !Object.hasOwn(properties, name) && full.properties?.[name] !== undefined);
  const short = added.map((name) => [name, shorten(full.properties?.[name] ?? {})]);
  return { ...listed?.inputSchema, properties: { ...properties, ...(Object.fromEntries(short) as typeof properties) } };
}

/** Arguments of this server that a listing may fold. */
const OWN = ["all_pages", "dry_run"];

function shorten(schema: JsonSchema): JsonSchema {
  const arms = (schema["oneOf"] ?? schema["anyOf"]) as readonly JsonSchema[] | undefined;
  const type = schema.type ?? arms?.[0]?.type ?? "object";
  const isPlain = type !== "object" && type !== "array";
  return { type, ...(!isPlain && schema.description && { description: schema.description }) };
}
