/** Finds what must be decided before an object is made in another edition: references that change or have no place. */
import type { Json } from "../../catalog/json.ts";
import { findReferences, type Reference } from "../configs/config-references.ts";
import { asObject, filterObjects, asText } from "../values/portkey-values.ts";

type Decision = (item: Json) => readonly string[];

/** A sentence by kind of reference. A provider needs none: it can be made with the same slug. */
const OF_REFERENCE: Readonly<Record<Reference["kind"], ((slug: string) => string) | undefined>> = {
  provider: undefined,
  virtual_key: (slug) => `Virtual key ${slug} has no place: name a provider.`,
  prompt: (slug) => `Prompt ${slug} has no place: take the target out, or send its messages.`,
  guardrail: (slug) => `Guardrail ${slug} has another id there.`,
};

/** Keys of a policy's conditions whose values are ids that change. */
const NEW_IDS = /key|virtual|provider|config|prompt|workspace/;

const DECISIONS: ReadonlyMap<string, Decision> = new Map<string, Decision>([
  ["configs", ({ config }) => findReferences(asObject(config)).flatMap(decideReference)],
  ["api_keys", decideKey],
  ["usage_limits", decidePolicy],
  ["rate_limits", decidePolicy],
]);

export function findDecisions(kind: string, item: Json): readonly string[] {
  return DECISIONS.get(kind)?.(item) ?? [];
}

function decideReference({ kind, slug }: Reference): string[] {
  const sentence = OF_REFERENCE[kind]?.(slug);
  return sentence === undefined ? [] : [sentence];
}

function decideKey({ type, user_id, defaults }: Json): string[] {
  const { config_id: config } = asObject(defaults);
  return [
    ...(asText(type)?.startsWith("organisation")
      ? ["No key opens an admin operation there: what administers with it needs a service account."]
      : []),
    ...(asText(user_id) === undefined ? [] : ["Its user has another id there."]),
    ...(asText(config) === undefined ? [] : [`Its config ${asText(config)} has another slug there.`]),
  ];
}

function decidePolicy({ conditions }: Json): string[] {
  const compared = filterObjects(Array.isArray(conditions) ? conditions : []).flatMap(({ key }) => asText(key) ?? []);
  const named = [...new Set(compared.filter((key) => NEW_IDS.test(key)))];
  return named.length === 0 ? [] : [`What it compares has other ids there: ${named.join(", ")}.`];
}
