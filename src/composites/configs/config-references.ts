/**
 * Finds and renames what a config refers to by slug or id: providers, virtual keys, guardrails and prompts, in targets
 * at any depth, in the models that targets and conditions name, in guardrails and hooks.
 */
import { isObject, type Json, ownMember } from "../../catalog/json.ts";

export type ReferenceKind = "provider" | "virtual_key" | "guardrail" | "prompt";

export interface Reference {
  readonly kind: ReferenceKind;
  /** Without the @ that marks a provider's slug. */
  readonly slug: string;
}

/** Changes a reference to the slug that it has elsewhere. */
export type Rename = (reference: Reference) => string;

const GUARDRAIL_LISTS = new Set([
  "input_guardrails",
  "output_guardrails",
  "default_input_guardrails",
  "default_output_guardrails",
  "before_request_hooks",
  "after_request_hooks",
]);

/** Members whose whole value is a slug or an id. */
const NAMING: Readonly<Record<string, ReferenceKind>> = { virtual_key: "virtual_key", prompt_id: "prompt" };

/** Members, and what conditions compare, whose value names a provider where it begins with @. */
const PROVIDER_NAMES = new Set(["provider", "model", "params.model", "params.provider"]);

/** What a guardrail's object may hold and still be only a reference. Anything else is a check of its own. */
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

/** Operators of a condition whose value is a pattern, in which a slug cannot be renamed safely. */
const PATTERNS = new Set(["$regex"]);

/** The gateway takes members in camel case too. */
function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Every reference of the config, each once. */
export function referencesIn(config: Json): Reference[] {
  const found = new Map<string, Reference>();
  renameReferences(config, (reference) => {
    found.set(`${reference.kind} ${reference.slug}`, reference);
    return reference.slug;
  });
  return [...found.values()];
}

/** A copy of the config whose references are renamed; everything else stays as it is. */
export function renameReferences(config: Json, rename: Rename): Json {
  return Object.fromEntries(Object.entries(config).map(([name, value]) => [name, renamed(name, value, rename)]));
}

/** `name` is the nearest member that is no operator: what `$eq`, `$in` and lists hold belongs to what they compare. */
function renamed(name: string, value: unknown, rename: Rename): unknown {
  if (typeof value === "string") return renamedText(name, value, rename);
  if (Array.isArray(value)) return value.map((item) => renamedItem(name, item, rename));
  if (!isObject(value) || name === "metadata") return value;
  return Object.fromEntries(
    Object.entries(value).map(([inner, each]) => {
      if (PATTERNS.has(inner)) return [inner, each];
      return [inner, renamed(inner.startsWith("$") ? name : inner, each, rename)];
    }),
  );
}

function renamedItem(name: string, item: unknown, rename: Rename): unknown {
  return GUARDRAIL_LISTS.has(snakeCase(name)) ? renamedGuardrail(item, rename) : renamed(name, item, rename);
}

function renamedText(name: string, value: string, rename: Rename): string {
  const kind = ownMember(NAMING, snakeCase(name));
  if (kind !== undefined) return rename({ kind, slug: value });
  // `@slug` names a provider, and `@slug/model` a model of it; "openai" is the name of a company.
  const [, slug, rest = ""] = PROVIDER_NAMES.has(name) ? (/^@([^/]+)(\/.*)?$/.exec(value) ?? []) : [];
  return slug === undefined ? value : `@${rename({ kind: "provider", slug })}${rest}`;
}

/** A config refers to a guardrail by id or slug, or by an object with it. An object with checks refers to none. */
function renamedGuardrail(item: unknown, rename: Rename): unknown {
  if (typeof item === "string") return rename({ kind: "guardrail", slug: item });
  if (!isObject(item) || typeof item["id"] !== "string") return item;
  const refers = Object.keys(item).every((name) => GUARDRAIL_SETTINGS.has(name));
  return refers ? { ...item, id: rename({ kind: "guardrail", slug: item["id"] }) } : item;
}
