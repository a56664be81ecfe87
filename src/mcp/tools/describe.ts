/**
 * Describes one tool in full, for describe_tool and the resource portkey://tools/{name}: its full schema, key and
 * scopes, the sources of ids, an example, and related tools.
 */
import { decide } from "../../catalog/decide.ts";
import type { Json } from "../../catalog/json.ts";
import type { EditionData } from "../../catalog/editions.ts";
import type { Catalogue } from "../../catalog/lookup.ts";
import type { Policy } from "../../catalog/policy.ts";
import type { JsonSchema, KeyKind, ToolRecord } from "../../catalog/record.ts";
import type { ToolSearch } from "../../catalog/search/search.ts";
import type { Product } from "../../portkey/product.ts";
import { callToolFor } from "./discover-callers.ts";
import { withLabels } from "./describe-arms.ts";
import { CHECKS_RULES, describePath } from "./describe-path.ts";
import { crossFieldRules } from "./describe-rules.ts";
import { exampleOf } from "./describe-example.ts";

/** What a description is made from. */
export interface DescribeParts extends EditionData {
  readonly catalogue: Catalogue;
  /** The product's name and terms in texts; default: Portkey's. */
  readonly product?: Product | undefined;
  /** Loaded when first needed: most processes never search. */
  readonly loadSearch: () => Promise<ToolSearch>;
}

const KEYS: Readonly<Record<KeyKind, string>> = {
  any: "workspace or admin key, chosen by what the call names",
  workspace: "workspace key",
  admin: "admin key",
  token: "a service account's token",
  none: "no key",
};

const MAX_NEIGHBOURS = 6;

/** One part of `record`'s arguments: `config.targets`, `checks:portkey.pii`. Throws BAD_INPUT for any other path. */
export async function describeToolPart(parts: DescribeParts, record: ToolRecord, path: string): Promise<Json> {
  const full = (await parts.loadSchemas())[record.name] ?? {};
  const toolsWithChecks = parts.catalogue.records.filter(({ rules }) => rules === CHECKS_RULES).map(({ name }) => name);
  const { loadGuardrailChecks: loadChecks } = parts;
  return describePath(record, path, { full: withLabels(full), loadChecks, toolsWithChecks });
}

/** Describes `record` to a caller with `policy`. Where the policy refuses the tool, `not_allowed` says why. */
export async function describeTool(parts: DescribeParts, record: ToolRecord, policy: Policy): Promise<Json> {
  const full = (await parts.loadSchemas())[record.name] ?? { type: "object", properties: {} };
  const verdict = decide(policy, record);
  const sources = sourcesIn(full);
  const answer = (await parts.loadAnswers())[record.name];
  const rules = await crossFieldRules(record);
  return {
    example: { name: record.name, arguments: exampleOf(record, full) },
    name: record.name,
    title: record.title,
    description: record.description,
    domain: record.domain,
    risk: record.risk,
    ...(!verdict.allowed && { not_allowed: verdict.reason }),
    ...(policy.discover && { call_with: callToolFor(record) }),
    ...(record.method !== undefined && { request: `${record.method} ${record.path}` }),
    key: KEYS[record.key],
    ...(record.scopes !== "" && { scopes: record.scopes }),
    ...(record.source === "documented" && {
      note: "Not in the API's OpenAPI document: a 404 may mean that this installation does not have it.",
    }),
    ...(record.aliases.length > 0 && { also_called: record.aliases }),
    ...(Object.keys(sources).length > 0 && { values_from: sources }),
    neighbours: neighboursOf(parts.catalogue, await parts.loadSearch(), record, policy),
    ...(answer !== undefined && { answers: answer.fields }),
    ...(answer?.untrusted !== undefined && { others_write: answer.untrusted }),
    ...(rules.length > 0 && { rules }),
    inputSchema: withLabels(full),
  };
}

/** By dotted path, the tool that lists a field's values. Descriptions end in it: `Prompt id (list_prompts)`. */
function sourcesIn(schema: JsonSchema, at: readonly string[] = []): Record<string, string> {
  const source = /\(((?:list|get|create)_\w+)\)/.exec(schema.description ?? "")?.[1];
  const inside = Object.entries(schema.properties ?? {}).flatMap(([name, inner]) =>
    Object.entries(sourcesIn(inner, [...at, name])),
  );
  return {
    ...(source !== undefined && at.length > 0 && { [at.join(".")]: source }),
    ...Object.fromEntries(inside),
    ...(schema.items && sourcesIn(schema.items, at)),
  };
}

/** Related tools with what they do: those that the description names, then those that a search for the tool finds. */
function neighboursOf(catalogue: Catalogue, search: ToolSearch, record: ToolRecord, policy: Policy): Json {
  const admits = (other: ToolRecord) => other.name !== record.name && decide(policy, other).allowed;
  const named = (record.description.match(/\b[a-z]+(?:_[a-z]+)+\b/g) ?? []).flatMap(
    (name) => catalogue.find(name)?.record ?? [],
  );
  const similar = search(
    `${record.domain} ${record.title}`,
    MAX_NEIGHBOURS + 1,
    (other) => other.domain === record.domain && admits(other),
  );
  const all = [...new Set([...named.filter(admits), ...similar])].slice(0, MAX_NEIGHBOURS);
  return Object.fromEntries(all.map(({ name, description }) => [name, description.split(/[.;](?:\s|$)/)[0]]));
}
