/**
 * Arguments for any operation, made from its schemas: the required ones only, or all of them.
 */
import type { SchemaReader, Schema } from "../../src/sandbox/shapes/schema.ts";

/** Fields whose value must mean something in the seeded sandbox. */
const meaningful: Readonly<Record<string, unknown>> = {
  agent_integration_id: "research-agent",
  collection_id: "support-dev",
  config_id: "pc-cache",
  exact_name: "Production",
  function_call: "auto",
  end_time: "2026-12-01T00:00:00.000Z",
  integration_id: "openai-main",
  label_id: "stable",
  mcp_integration_id: "issue-tracker",
  metadata: '{"app":"support"}',
  parent_collection_id: "support-dev",
  secret_reference_id: "openai-key-in-aws",
  start_time: "2026-01-01T00:00:00.000Z",
  time_of_generation_max: "2026-11-30T00:00:00.000Z",
  time_of_generation_min: "2026-11-01T00:00:00.000Z",
  version: "latest",
  workspace_id: "production",
  workspace_slug: "production",
};

const formats: Readonly<Record<string, string>> = {
  "date-time": "2026-12-24T00:00:00.000Z",
  email: "new-person@sandbox.example",
  uri: "https://example.com/x",
  uuid: "6f1c1e5e-3c8a-4b7e-9a65-2f6a1c3d4e5f",
};

const deepest = 6;

/** Fields that another field of the same body excludes. */
const excluded = new Set(["allowed_workspaces", "next_rotation_at", "periodic_reset_days", "rotation_period_days"]);

/** Counts up, so that names and slugs do not collide between calls. */
let made = 0;

function numberFor({ minimum = 0, maximum = Infinity }: Schema): number {
  return Math.min(Math.max(3, minimum), maximum);
}

function textFor(name: string, format: string | undefined): string {
  if (name === "slug" || name === "name") return `sample-${(made += 1)}`;
  if (name === "workspaces") return "production";
  const formatted = formats[format ?? ""];
  if (formatted !== undefined) return formatted;
  return name === "email" ? `person-${(made += 1)}@sandbox.example` : "sample";
}

interface Sampling {
  readonly reader: SchemaReader;
  /** Gives the optional fields too. */
  readonly all: boolean;
  readonly depth: number;
}

/** A value that a schema takes; `all` gives its optional fields too. */
export function argument(reader: SchemaReader, schema: Schema, name: string, all: boolean): unknown {
  return valueFor(schema, name, { reader, all, depth: 0 });
}

function valueFor(schema: Schema, name: string, sampling: Sampling): unknown {
  const { reader, all, depth } = sampling;
  const flat = reader.resolve(schema);
  const impliedArray = flat.items ? "array" : undefined;
  const type = flat.type ?? (flat.properties ? "object" : impliedArray);
  if (meaningful[name] !== undefined && type === "string") return meaningful[name];
  const values = flat.enum?.filter((value) => value !== null);
  if (values && values.length > 0) return values[0];
  const firstVariant = reader.variants(flat)[0];
  if (firstVariant) return valueFor(withVariant(flat, firstVariant), name, sampling);
  if (type === "string") return textFor(name, flat.format);
  if (type === "boolean") return true;
  if (type === "integer" || type === "number") return name.includes("page") ? 1 : numberFor(flat);
  if (type === "array") {
    if (depth >= deepest || (!all && flat.items === undefined)) return [];
    return [valueFor(flat.items ?? {}, name, { reader, all, depth: depth + 1 })];
  }
  if (type === "object") return fields(flat, sampling);
  return "sample";
}

/** The schema as if the variant were its only one. */
function withVariant(schema: Schema, variant: Schema): Schema {
  return {
    ...schema,
    ...variant,
    properties: { ...schema.properties, ...variant.properties },
    required: [...(schema.required ?? []), ...(variant.required ?? [])],
    oneOf: [],
    anyOf: [],
  };
}

function fields(schema: Schema, { reader, all, depth }: Sampling): Record<string, unknown> {
  const required = new Set(schema.required ?? []);
  return Object.fromEntries(
    Object.entries(schema.properties ?? {})
      .filter(([name]) => required.has(name) || (all && depth < deepest && !excluded.has(name)))
      .map(([name, field]) => [name, valueFor(field, name, { reader, all, depth: depth + 1 })]),
  );
}
