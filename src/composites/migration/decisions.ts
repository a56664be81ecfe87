/** What of one thing must be decided before it can be made elsewhere: what it names that has no place or another id. */
import type { Json } from "../../catalog/json.ts";
import { referencesIn, type Reference } from "../configs/config-references.ts";
import { membersOf, objectsIn, textOf } from "../values/portkey-values.ts";

type Decision = (item: Json) => readonly string[];

/** By kind of reference, what is to be said of it. A provider keeps its slug where it is made with it. */
const OF_REFERENCE: Readonly<Record<Reference["kind"], ((slug: string) => string) | undefined>> = {
  provider: undefined,
  virtual_key: (slug) => `Virtual key ${slug} has no place: name a provider.`,
  prompt: (slug) => `Prompt ${slug} has no place: take the target out, or send its messages.`,
  guardrail: (slug) => `Guardrail ${slug} has another id there.`,
};

/** What a policy's conditions and groups compare that is another one there. */
const NEW_IDS = /key|virtual|provider|config|prompt|workspace/;

const DECISIONS: ReadonlyMap<string, Decision> = new Map<string, Decision>([
  ["configs", ({ config }) => referencesIn(membersOf(config)).flatMap(sayReference)],
  ["api_keys", ofKey],
  ["usage_limits", ofPolicy],
  ["rate_limits", ofPolicy],
]);

export function decisionsOf(kind: string, item: Json): readonly string[] {
  return DECISIONS.get(kind)?.(item) ?? [];
}

function sayReference({ kind, slug }: Reference): string[] {
  const said = OF_REFERENCE[kind]?.(slug);
  return said === undefined ? [] : [said];
}

function ofKey({ type, user_id, defaults }: Json): string[] {
  const { config_id: config } = membersOf(defaults);
  return [
    ...(textOf(type)?.startsWith("organisation")
      ? ["No key opens an admin operation there: what administers with it needs a service account."]
      : []),
    ...(textOf(user_id) === undefined ? [] : ["Its user has another id there."]),
    ...(textOf(config) === undefined ? [] : [`Its config ${textOf(config)} has another slug there.`]),
  ];
}

function ofPolicy({ conditions }: Json): string[] {
  const compared = objectsIn(Array.isArray(conditions) ? conditions : []).flatMap(({ key }) => textOf(key) ?? []);
  const named = [...new Set(compared.filter((key) => NEW_IDS.test(key)))];
  return named.length === 0 ? [] : [`What it compares has other ids there: ${named.join(", ")}.`];
}
