/**
 * A plausible value for a field that an answer declares and the state does not have. The same field of the same
 * resource gets the same value on every call.
 */
import { ownMember } from "../../catalog/json.ts";
import { shortHash, uuid } from "../state/ids.ts";
import type { Json } from "../json.ts";
import { typeOf } from "./matches-schema.ts";
import type { Schema, SchemaReader } from "./schema.ts";

/** Fields that mean something by being there; an answer leaves them out, or says null, until the state has them. */
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

/** What a field of this name holds, where its type alone would say too little. */
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
  /** Whose field it is. */
  readonly seed: string;
  readonly required: boolean;
}

/** The value, or undefined where the field may and should be left out. A required field always gets one. */
export function sampleValue(reader: SchemaReader, schema: Schema, field: SampledField): unknown {
  const { name, seed, required } = field;
  const flat = reader.resolve(schema);
  if (flat.nullable) return null;
  if (!required && absent.has(name)) return undefined;
  if (flat.enum) return flat.enum[0];
  const type = typeOf(flat);
  if (type === "string" && flat.format !== undefined && ownMember(byFormat, flat.format))
    return ownMember(byFormat, flat.format)?.(`${seed}.${name}`);
  const named = ownMember(byName, name)?.(`${seed}.${name}`);
  if (named !== undefined && type === typeName(named)) return named;
  if (flat.default !== undefined && flat.default !== null) return flat.default;
  const firstVariant = reader.variants(flat)[0];
  if (firstVariant) return sampleValue(reader, firstVariant, field);
  if (type === "object" || flat.properties) return requiredFields(reader, flat, `${seed}.${name}`);
  return type === undefined ? undefined : ownMember(byType, type)?.();
}

function requiredFields(reader: SchemaReader, { properties = {}, required }: Schema, seed: string): Json {
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
