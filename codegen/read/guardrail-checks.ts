/** Converts openapi/guardrail-checks.yaml to JSON Schemas of the checks' parameters, by check id. */
import { z } from "zod";
import type { JsonSchema } from "../../src/catalog/record.ts";
import { mapValues } from "../derive/schema.ts";

/** The name of a type, the values of an enum, or the known values of a list's items. */
type Parameter = string | readonly string[] | { readonly list: readonly string[] };

/** Parameters by check id. The id `every` means all checks. `any` means that a check's parameters are unknown. */
export type GuardrailChecks = Readonly<Record<string, Readonly<Record<string, Parameter>> | "any">>;

const TYPES: Readonly<Record<string, JsonSchema>> = {
  text: { type: "string" },
  number: { type: "number" },
  boolean: { type: "boolean" },
  list: { type: "array" },
  object: { type: "object" },
  json: { type: ["object", "string"] as unknown as string },
  any: {},
};

const parameterForm = z.union([
  z.enum(["text", "number", "boolean", "list", "object", "json", "any"]),
  z.array(z.string()),
  z.strictObject({ list: z.array(z.string()) }),
]);

/** The schema of the table. Other content is an error. */
export const guardrailCheckRows = z.record(
  z.string(),
  z.union([z.literal("any"), z.record(z.string(), parameterForm)]),
);

/** JSON Schemas by check id. `text` returns a parameter's description, or an empty string. */
export function checkSchemas(rows: GuardrailChecks, text: (name: string) => string): Record<string, JsonSchema> {
  return mapValues({ ...rows }, (row) => {
    if (row === "any") return { type: "object" };
    const names = Object.keys(row);
    const required = names.filter((name) => name.endsWith("*")).map(bare);
    return {
      type: "object",
      properties: Object.fromEntries(
        names.map((name) => [bare(name), parameter(row[name] as Parameter, text(bare(name)))]),
      ),
      ...(required.length > 0 && { required }),
      additionalProperties: false,
    };
  });
}

function parameter(form: Parameter, description: string): JsonSchema {
  return { ...typeOf(form), ...(description !== "" && { description }) };
}

function typeOf(form: Parameter): JsonSchema {
  if (typeof form === "string") return TYPES[form] ?? {};
  if ("list" in form) return { type: "array", items: { type: "string", enum: [...form.list] } };
  return { type: "string", enum: [...form] };
}

function bare(name: string): string {
  return name.replace(/\*$/, "");
}
