/** Finds and renames what a config refers to by slug or id: providers, virtual keys, guardrails. */
import { isObject, type Json } from "../../catalog/json.ts";

export type ReferenceKind = "provider" | "virtual_key" | "guardrail";

export interface Reference {
  readonly kind: ReferenceKind;
  /** Without the @ that marks a provider's slug. */
  readonly slug: string;
}

const GUARDRAIL_LISTS = new Set([
  "input_guardrails",
  "output_guardrails",
  "before_request_hooks",
  "after_request_hooks",
]);

/** Changes a reference to the slug that it has elsewhere. */
export type Rename = (reference: Reference) => string;

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

function renamed(name: string, value: unknown, rename: Rename): unknown {
  if (typeof value === "string") {
    if (name === "virtual_key") return rename({ kind: "virtual_key", slug: value });
    // `@slug` names a provider, and `@slug/model` a model of it; "openai" is the name of a company.
    const [, slug, rest = ""] = name === "provider" || name === "model" ? (/^@([^/]+)(\/.*)?$/.exec(value) ?? []) : [];
    return slug === undefined ? value : `@${rename({ kind: "provider", slug })}${rest}`;
  }
  if (Array.isArray(value))
    return value.map((item) =>
      GUARDRAIL_LISTS.has(name) ? renamedGuardrail(item, rename) : renamed(name, item, rename),
    );
  return isObject(value) ? renameReferences(value, rename) : value;
}

/** A config refers to a guardrail by id or slug, or by an object with it. An object with checks refers to none. */
function renamedGuardrail(item: unknown, rename: Rename): unknown {
  if (typeof item === "string") return rename({ kind: "guardrail", slug: item });
  if (!isObject(item)) return item;
  return typeof item["id"] === "string" && item["checks"] === undefined
    ? { ...item, id: rename({ kind: "guardrail", slug: item["id"] }) }
    : item;
}
