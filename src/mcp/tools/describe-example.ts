/**
 * Makes an example call from a tool's full schema: the required arguments, and an optional field where a write requires
 * none. Each value has the right JSON type; ids and free texts are placeholders in angle brackets.
 */
import { cut } from "../../errors/cut.ts";
import { ownMember } from "../../catalog/json.ts";
import type { Json } from "../../catalog/json.ts";
import type { JsonSchema, ToolRecord } from "../../catalog/record.ts";

const FORMATS: Readonly<Record<string, string>> = {
  "date-time": "2026-01-31T00:00:00Z",
  date: "2026-01-31",
  email: "person@example.com",
  uri: "https://example.com",
  uuid: "00000000-0000-4000-8000-000000000000",
};

/** The end of a time range; its start is the date-time of FORMATS. */
const RANGE_END = "2026-02-28T00:00:00Z";

/** The role with the least rights, which the example takes where it can choose. */
const LEAST_ROLE = "member";

/** Times that the API declares as plain strings. */
const TIME_NAME = /^time_of_|_at$/;

/** The example's arguments: those of the tool's curation, or made from the schema. They pass the tool's own check. */
export function exampleOf(record: Pick<ToolRecord, "risk" | "arguments" | "example">, schema: JsonSchema): Json {
  if (record.example !== undefined) return record.example;
  const properties = schema.properties ?? {};
  const shown = [...new Set([...(schema.required ?? []), ...optionalOf(record, properties)])];
  return Object.fromEntries(shown.map((name) => [name, sample(properties[name] ?? {}, name)]));
}

/**
 * Optional fields to show where a write requires none. Of a create the first two, as in its listing; of other writes a
 * description, note or name, which do no harm and can be changed back.
 * No objects or lists, which might replace existing content: those need a curated example.
 */
function optionalOf(
  record: Pick<ToolRecord, "risk" | "arguments">,
  properties: Readonly<Record<string, JsonSchema>>,
): string[] {
  const fields = record.arguments.filter(({ place }) => place === "body");
  if (record.risk === "read" || fields.some(({ required }) => required)) return [];
  const names = fields.map(({ name }) => name);
  if (record.risk === "create") return names.filter((name) => name !== "body").slice(0, 2);
  const field = HARMLESS.find((name) => names.includes(name)) ?? names.find((name) => isPlain(properties[name]));
  return field === undefined ? [] : [field];
}

const HARMLESS = ["description", "note", "name"];

function isPlain(schema: JsonSchema | undefined): boolean {
  return ["string", "integer", "number"].includes(String(firstOf(schema?.type)));
}

function sample(schema: JsonSchema, name: string): unknown {
  const arms = (schema["oneOf"] ?? schema["anyOf"]) as readonly JsonSchema[] | undefined;
  // A number is a better example than a placeholder text.
  const arm = arms?.find(({ type }) => type === "number" || type === "integer") ?? arms?.[0];
  if (arm !== undefined && schema.properties === undefined) return sample(arm, name);
  const value = schema.enum?.find((one) => one === LEAST_ROLE) ?? schema.enum?.find((one) => one !== null);
  if (value !== undefined) return value;
  switch (firstOf(schema.type)) {
    case "object":
      return sampleObject(schema);
    case "array":
      return [sample(schema.items ?? {}, singular(name))];
    case "integer":
    case "number":
      return Math.max(1, Number(schema["minimum"] ?? 1));
    case "boolean":
      return true;
    default:
      return sampleText(schema, name);
  }
}

/** The required members; where there are none, the first declared one. */
function sampleObject(schema: JsonSchema): Json {
  const arm = ((schema["oneOf"] ?? schema["anyOf"]) as readonly JsonSchema[] | undefined)?.[0];
  const properties = { ...schema.properties, ...arm?.properties };
  const required = [...(schema.required ?? []), ...(arm?.required ?? [])];
  const shown = required.length > 0 ? required : Object.keys(properties).slice(0, 1);
  return Object.fromEntries(shown.map((name) => [name, sample(properties[name] ?? {}, name)]));
}

function sampleText(schema: JsonSchema, name: string): string {
  const format = ownMember(FORMATS, String(schema["format"]));
  if (format !== undefined && !TIME_NAME.test(name)) return format;
  if (TIME_NAME.test(name)) return name.endsWith("_max") ? RANGE_END : (FORMATS["date-time"] as string);
  if (typeof schema["pattern"] === "string") return name.replace(/[^A-Za-z0-9]/g, "-");
  return cut(`<${name}>`, 0, Number(schema["maxLength"] ?? Infinity));
}

function firstOf(type: unknown): unknown {
  return Array.isArray(type) ? type.find((one) => one !== "null") : type;
}

function singular(name: string): string {
  return name.endsWith("s") ? name.slice(0, -1) : name;
}
