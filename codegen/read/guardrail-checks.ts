/** The rows of openapi/guardrail-checks.yaml as the JSON Schemas of checks' parameters, by the check's id. */
import { z } from "zod";
import type { JsonSchema } from "../../src/catalog/record.ts";
import { mapValues } from "../derive/schema.ts";

/** A word for a type, the values of a text, or those that a list is known to take. */
type Parameter = string | readonly string[] | { readonly list: readonly string[] };

/** By check id; `every` is what all checks take, and `any` a check whose parameters are not known. */
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

/** The table's form; anything else in it is a slip. */
export const guardrailCheckRows = z.record(
  z.string(),
  z.union([z.literal("any"), z.record(z.string(), parameterForm)]),
);

/** `text` gives a parameter's description, or nothing. */
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
