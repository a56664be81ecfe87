/**
 * Finds and renames the references of a config, by slug or id: providers, virtual keys, guardrails and prompts, in
 * targets at any depth, in the models of targets and conditions, in guardrails and hooks.
 */
import { isObject, type Json, ownMember } from "../../catalog/json.ts";
import { snakeCase } from "../values/snake-case.ts";

export type ReferenceKind = "provider" | "virtual_key" | "guardrail" | "prompt";

export interface Reference {
  readonly kind: ReferenceKind;
  /** For a provider, without the leading @. */
  readonly slug: string;
}

/** Returns the new slug of a reference. */
export type Rename = (reference: Reference) => string;

const GUARDRAIL_LISTS = new Set([
  "input_guardrails",
  "output_guardrails",
  "default_input_guardrails",
  "default_output_guardrails",
  "before_request_hooks",
  "after_request_hooks",
]);

/** Members whose value is a slug or an id. */
const NAMING: Readonly<Record<string, ReferenceKind>> = { virtual_key: "virtual_key", prompt_id: "prompt" };

/** Members, and keys of conditions, whose value names a provider where it begins with @. */
const PROVIDER_NAMES = new Set(["provider", "model", "params.model", "params.provider"]);

/** Members of an object that refers to a guardrail. An object with other members defines checks of its own. */
const GUARDRAIL_SETTINGS = new Set([
  "id",
  "type",
  "deny",
  "async",
  "sequential",
  "on_fail",
  "on_success",
  "is_enabled",
  "guardrail_version_id",
]);

/** Operators of a condition whose value is a regular expression, where a slug cannot be renamed safely. */
const PATTERNS = new Set(["$regex"]);

/** The references of the config, each once. */
export function findReferences(config: Json): Reference[] {
  const found = new Map<string, Reference>();
  renameReferences(config, (reference) => {
    found.set(`${reference.kind} ${reference.slug}`, reference);
    return reference.slug;
  });
  return [...found.values()];
}

/** A copy of the config with its references renamed. */
export function renameReferences(config: Json, rename: Rename): Json {
  return Object.fromEntries(Object.entries(config).map(([name, value]) => [name, renameIn(name, value, rename)]));
}

/** `name` is the nearest member that is no operator: values of `$eq`, `$in` and lists belong to the compared key. */
function renameIn(name: string, value: unknown, rename: Rename): unknown {
  if (typeof value === "string") return renameText(name, value, rename);
  if (Array.isArray(value)) return value.map((item) => renameInItem(name, item, rename));
  if (!isObject(value) || name === "metadata") return value;
  return Object.fromEntries(
    Object.entries(value).map(([inner, member]) => {
      if (PATTERNS.has(inner)) return [inner, member];
      return [inner, renameIn(inner.startsWith("$") ? name : inner, member, rename)];
    }),
  );
}

function renameInItem(name: string, item: unknown, rename: Rename): unknown {
  return GUARDRAIL_LISTS.has(snakeCase(name)) ? renameGuardrail(item, rename) : renameIn(name, item, rename);
}

function renameText(name: string, value: string, rename: Rename): string {
  const kind = ownMember(NAMING, snakeCase(name));
  if (kind !== undefined) return rename({ kind, slug: value });
  // `@slug` is a stored provider, and `@slug/model` a model of it; a plain "openai" is no reference.
  const [, slug, rest = ""] = PROVIDER_NAMES.has(name) ? (/^@([^/]+)(\/.*)?$/.exec(value) ?? []) : [];
  return slug === undefined ? value : `@${rename({ kind: "provider", slug })}${rest}`;
}

/** A reference to a guardrail is its id or slug, or an object with that `id`. An object with checks is none. */
function renameGuardrail(item: unknown, rename: Rename): unknown {
  if (typeof item === "string") return rename({ kind: "guardrail", slug: item });
  if (!isObject(item) || typeof item["id"] !== "string") return item;
  const refers = Object.keys(item).every((name) => GUARDRAIL_SETTINGS.has(name));
  return refers ? { ...item, id: rename({ kind: "guardrail", slug: item["id"] }) } : item;
}
