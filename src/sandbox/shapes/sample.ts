/**
 * Makes plausible values for fields that an answer declares and the state does not have. A field of a resource gets
 * the same value on every call.
 */
import { ownMember } from "../../catalog/json.ts";
import { shortHash, uuid } from "../state/ids.ts";
import type { Json } from "../json.ts";
import { schemaType } from "./matches-schema.ts";
import type { Schema, SchemaReader } from "./schema.ts";

/** Fields whose presence has a meaning: absent or null in answers until the state has them. */
const absent = new Set([
  "accepted_at",
  "alert_emails",
  "expires_at",
  "key",
  "key_transition_expires_at",
  "label_id",
  "last_reset_at",
  "next_usage_reset_at",
  "prompt_version_label_id",
  "rate_limits",
  "rotation_policy",
  "tool_choice",
  "updated_by",
  "usage_limits",
  "user_id",
  "workspace_id",
]);

/** Samples by the name of the field, where those by type would not be plausible. */
const byName: Readonly<Record<string, (seed: string) => unknown>> = {
  active: () => true,
  enabled: () => true,
  success: () => true,
  email: (seed) => `user-${shortHash(seed, 4)}@sandbox.example`,
  message: () => "Done",
  name: (seed) => `Sample ${shortHash(seed, 4)}`,
  slug: (seed) => `sample-${shortHash(seed, 6)}`,
  status: () => "active",
  version: () => 1,
  prompt_version: () => 1,
};

const byFormat: Readonly<Record<string, (seed: string) => unknown>> = {
  "date-time": () => "2026-01-01T00:00:00.000Z",
  date: () => "2026-01-01",
  email: (seed) => `user-${shortHash(seed, 4)}@sandbox.example`,
  uri: (seed) => `https://sandbox.example/${shortHash(seed)}`,
  uuid,
  UUID: uuid,
};

const byType: Readonly<Record<string, () => unknown>> = {
  array: () => [],
  boolean: () => false,
  integer: () => 0,
  number: () => 0,
  string: () => "",
};

export interface SampledField {
  readonly name: string;
  /** Identifies the resource that has the field. */
  readonly seed: string;
  readonly required: boolean;
}

/** The value; undefined where an optional field is left out. */
export function sampleValue(reader: SchemaReader, schema: Schema, field: SampledField): unknown {
  const { name, seed, required } = field;
  const flat = reader.resolve(schema);
  if (flat.nullable) return null;
  if (!required && absent.has(name)) return undefined;
  if (flat.enum) return flat.enum[0];
  const type = schemaType(flat);
  if (type === "string" && flat.format !== undefined && ownMember(byFormat, flat.format))
    return ownMember(byFormat, flat.format)?.(`${seed}.${name}`);
  const named = ownMember(byName, name)?.(`${seed}.${name}`);
  if (named !== undefined && type === typeName(named)) return named;
  if (flat.default !== undefined && flat.default !== null) return flat.default;
  const firstVariant = reader.variants(flat)[0];
  if (firstVariant) return sampleValue(reader, firstVariant, field);
  if (type === "object" || flat.properties) return sampleRequiredFields(reader, flat, `${seed}.${name}`);
  return type === undefined ? undefined : ownMember(byType, type)?.();
}

function sampleRequiredFields(reader: SchemaReader, { properties = {}, required }: Schema, seed: string): Json {
  const names = new Set(required ?? []);
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([name]) => names.has(name))
      .map(([name, schema]) => [name, sampleValue(reader, schema, { name, seed, required: true })]),
  );
}

function typeName(value: unknown): string {
  return typeof value === "number" && Number.isInteger(value) ? "integer" : typeof value;
}
