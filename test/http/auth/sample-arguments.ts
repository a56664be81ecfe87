/** Arguments for any tool from its full JSON Schema, with every field given and a marker of its own in every string. */
import type { JsonSchema, ToolRecord } from "../../../src/catalog/record.ts";
import { isSecretName } from "../../../src/log/secret-names.ts";

/** In fields whose name says that they hold a secret, and in those that do not. */
export const SECRET = "tell-no-one";
export const CONTENT = "private-words";

/** Arguments of the path are ids, whatever they are called: the audit is there to hold them. */
export function sampleArguments(record: ToolRecord, schema: JsonSchema): Record<string, unknown> {
  const args = sample(schema, "", 0) as Record<string, unknown>;
  for (const { name, place } of record.arguments) {
    if (place === "path" && typeof args[name] === "string" && args[name].startsWith(CONTENT))
      args[name] = `id-of-${name}`;
  }
  return args;
}

const NAMING = new Set(["conditions", "group_by", "excludes"]);

function sample(schema: JsonSchema, name: string, depth: number): unknown {
  const variants = (schema["oneOf"] ?? schema["anyOf"]) as readonly JsonSchema[] | undefined;
  if (variants !== undefined && schema.type === undefined) return sample(variants[0] ?? {}, name, depth);
  const value = schema.enum?.find((choice) => choice !== null);
  if (value !== undefined) return value;
  const type = [schema.type ?? (schema.properties === undefined ? "string" : "object")].flat()[0];
  if (type === "integer" || type === "number") return typeof schema["minimum"] === "number" ? schema["minimum"] : 1;
  if (type === "boolean") return true;
  // The `key` of a condition names a field to compare.
  if (type === "array")
    return NAMING.has(name) ? [{ key: "model", value: "x" }] : [sample(schema.items ?? {}, name, depth + 1)];
  if (type === "object") return sampleObject(schema, depth);
  return text(schema, name);
}

function sampleObject(schema: JsonSchema, depth: number): Record<string, unknown> {
  const properties = Object.entries(schema.properties ?? {});
  // In a pair, such as one of a header, the key names what the value is.
  const isPair = properties.length === 2 && schema.properties?.["value"] !== undefined;
  const fields = properties.map(([name, field]) => [
    name,
    isPair && name === "key" ? "authorization" : sample(field, name, depth + 1),
  ]);
  // An open object takes what people put there: keys and headers, deep inside.
  const open =
    depth < 1 || schema.properties !== undefined
      ? {}
      : { api_key: secret("open"), headers: { authorization: `Bearer ${secret("header")}` }, note: `${CONTENT}-open` };
  return { ...(Object.fromEntries(fields) as Record<string, unknown>), ...open };
}

function text(schema: JsonSchema, name: string): string {
  if (schema["format"] === "date-time" || schema["format"] === "date") return "2026-11-01T00:00:00Z";
  if (schema["format"] === "uri") return `https://example.com/${isSecretName(name) ? secret(name) : "path"}`;
  if (isSecretName(name)) return secret(name);
  // Ids, slugs and the like are what the audit is for; they are no secret.
  return /(^|_)(id|slug|ids|slugs|uuid|app|env)$|Id$|name$/.test(name)
    ? `id-of-${name.replaceAll("_", "-")}`
    : `${CONTENT}-${name}`;
}

function secret(name: string): string {
  return `${SECRET}-${name}`;
}
