/**
 * What a field's text must say, by the field's name and type, over every field of every tool of every edition: the unit
 * of money and time, the base of a page, form and source of an id, what null does, whether an update merges or
 * replaces. The exceptions are a table, each with its reason.
 */
import { describe, expect, test } from "vitest";
import type { ToolRecord } from "../../src/catalog/record.ts";
import { listings } from "../generated/listing.ts";

interface Node {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly oneOf?: readonly Node[];
  readonly anyOf?: readonly Node[];
  readonly additionalProperties?: Node | boolean;
}
interface Field {
  readonly edition: string;
  readonly record: ToolRecord;
  /** Dotted path, without array marks. */
  readonly path: string;
  readonly name: string;
  readonly node: Node;
}
interface ArgumentsSchema extends Node {
  readonly required?: readonly string[];
}
interface Rule {
  readonly what: string;
  readonly asks: (field: Field) => boolean;
  readonly says: RegExp;
  /** Paths' ends that need not say it, and why. */
  readonly except?: Readonly<Record<string, string>>;
}

type Place = Omit<Field, "edition" | "record">;

function* placesIn(node: Node, trail: readonly string[] = []): Generator<Place> {
  for (const [name, member] of Object.entries(node.properties ?? {})) {
    const inner = [...trail, name];
    yield { path: inner.join("."), name, node: member };
    yield* placesIn(member, inner);
  }
  for (const part of [node.items, ...(node.oneOf ?? []), ...(node.anyOf ?? [])]) {
    if (part !== undefined) yield* placesIn(part, trail);
  }
  if (typeof node.additionalProperties === "object") yield* placesIn(node.additionalProperties, [...trail, "*"]);
}

const armsOf = (node: Node) => [...(node.oneOf ?? []), ...(node.anyOf ?? [])];
const typesOf = (node: Node): string[] => [[node.type ?? []].flat(), armsOf(node).map(typesOf)].flat(2) as string[];
const isNumber = (node: Node) => typesOf(node).some((type) => type === "number" || type === "integer");
const isText = (node: Node): boolean =>
  typesOf(node).includes("string") || (node.items !== undefined && isText(node.items));
const takesNull = (node: Node): boolean =>
  typesOf(node).includes("null") || (node.enum ?? []).includes(null) || armsOf(node).some(takesNull);
const isObjects = (node: Node): boolean => {
  if (armsOf(node).length > 0) return armsOf(node).every(isObjects);
  const types = [node.type ?? []].flat();
  return types.includes("array") ? node.items !== undefined && isObjects(node.items) : types.includes("object");
};
const isUpdated = ({ record, path }: Field) => {
  const sent = record.arguments.find(({ name }) => name === path)?.place === "body";
  return sent && (record.method === "PUT" || record.method === "PATCH");
};

const THEIRS = "an id of another company's service; only its owner knows where it stands";
const OWN = "the caller's own id";
const ID = /(?:^|_)(?:ids?|slugs?)$/;

/** How a text says where an id comes from, or that nothing has to be looked up. */
const SOURCE = new RegExp(
  [
    ...["\\((?:list|get|create)_", "from list_", "earlier", "Made from"],
    ...["New slug", "must be free"],
    ...["by get_trace", "get_trace shows", "from Strata Cloud Manager", "no tool lists"],
  ].join("|"),
  "i",
);

const RULES: readonly Rule[] = [
  {
    what: "money names its currency unit",
    asks: ({ name, node }) =>
      /cost|price|credit_limit|alert_threshold|budget(?!_tokens)|amount/.test(name) && isNumber(node),
    says: /US dollars|US cents|same unit/,
  },
  {
    what: "a time names its unit",
    asks: ({ name, node }) =>
      /timeout|max_age|ttl|_ms$|interval|duration|latency|response_time|seconds|cooldown/i.test(name) && isNumber(node),
    says: /\bms\b|milliseconds|seconds|days/i,
  },
  { what: "a share names its scale", asks: ({ name }) => /percent/.test(name), says: /per cent/ },
  { what: "a page names its base", asks: ({ name }) => /^(?:current_?page|page)$/i.test(name), says: /From [01]/ },
  {
    what: "an id names its form",
    asks: ({ name, node }) => ID.test(name) && isText(node),
    says: /UUID|slug|\bids?\b|From list_|from list_|\((?:list|get|create)_|Made from|describe_tool|^Header /i,
  },
  {
    what: "an id names its source",
    asks: ({ name, node }) => ID.test(name) && isText(node),
    says: SOURCE,
    except: {
      "checks.id": "describe_tool lists them",
      ai_provider_id: "a plain name, of which the text gives two",
      trace_id: OWN,
      span_id: OWN,
      client_id: OWN,
      project_id: OWN,
      log_id: "a column of an export, as the text says",
      organisation_id: "the key's own",
      azure_model_slug: THEIRS,
      aws_access_key_id: THEIRS,
      aws_external_id: THEIRS,
      azure_entra_client_id: THEIRS,
      azure_entra_tenant_id: THEIRS,
      azure_workload_client_id: THEIRS,
      azure_workload_tenant_id: THEIRS,
      azure_managed_client_id: THEIRS,
      azure_deployment_id: THEIRS,
      deployment_id: THEIRS,
      vault_role_id: THEIRS,
      vault_secret_id: THEIRS,
      vertex_project_id: THEIRS,
      workers_ai_account_id: THEIRS,
      amzn_sagemaker_inference_id: THEIRS,
      amzn_sagemaker_session_id: THEIRS,
    },
  },
  {
    what: "an object of an update says whether it merges or replaces, or to send it whole",
    asks: (field) => isUpdated(field) && isObjects(field.node),
    says: /replac|merg|\bstays?\b|whole|all of them|in place of|only those named/i,
  },
  { what: "a field that takes null says what null does", asks: ({ node }) => takesNull(node), says: /\bnull\b/ },
];

const tools = listings.flatMap(({ edition, records, fullSchemas }) =>
  records.map((record) => ({ edition, record, schema: fullSchemas[record.name] as ArgumentsSchema })),
);
const fields: readonly Field[] = tools.flatMap(({ edition, record, schema }) =>
  [...placesIn(schema)].map((place) => ({ edition, record, ...place })),
);
const asText = ({ edition, record, path, node }: Field) => `${edition} ${record.name} ${path}: ${node.description}`;
const isExcepted = ({ except = {} }: Rule, { path }: Field) =>
  Object.keys(except).some((end) => path === end || path.endsWith(`.${end}`));

test("no argument that must be given is said to have a default", () => {
  const said = tools.flatMap(({ edition, record, schema: { properties = {}, required = [] } }) =>
    required
      .filter((name) => /; default\b/.test(properties[name]?.description ?? ""))
      .map((name) => `${edition} ${record.name} ${name}`),
  );
  expect(said).toEqual([]);
});

test.each(listings)("no text of $edition names a tool that only another edition has", ({ edition, records }) => {
  const known = new Set(records.flatMap(({ name, aliases }) => [name, ...aliases]));
  const absent = new Set(tools.map(({ record }) => record.name).filter((name) => !known.has(name)));
  const namesAbsent = (text: string) => (text.match(/\w+/g) ?? []).some((word) => absent.has(word));
  const said = [
    ...fields.filter((field) => field.edition === edition).map(asText),
    ...records.map(({ name, description, onError = {} }) => [name, description, ...Object.values(onError)].join("\n")),
  ];
  expect(said.filter(namesAbsent)).toEqual([]);
});

test("where there are no kinds of key, no text tells them apart", () => {
  const tokens = tools.filter(({ record }) => record.key === "token").map(({ record }) => record);
  const own = fields.filter(({ record }) => tokens.includes(record)).map(asText);
  const said = [...own, ...tokens.map(({ name, description }) => `${name}: ${description}`)];
  expect(said.length).toBeGreaterThan(100);
  expect(said.filter((text) => /\b(?:admin|service|workspace) key|\bthe key's\b/.test(text))).toEqual([]);
});

test("every edition's fields are asked", () => {
  const asked = new Set(fields.filter((field) => RULES.some((rule) => rule.asks(field))).map(({ edition }) => edition));
  expect([...asked].sort()).toEqual(listings.map(({ edition }) => edition).sort());
});

describe("every field of every tool of every edition", () => {
  test.each(RULES.map((rule) => [rule.what, rule] as const))("%s", (_what, rule) => {
    const asked = fields.filter((field) => rule.asks(field) && !isExcepted(rule, field));
    expect(asked.length).toBeGreaterThan(0);
    const silent = asked.filter(({ node }) => !rule.says.test(node.description ?? ""));
    expect(silent.map(asText)).toEqual([]);
  });

  test.each(RULES.filter(({ except }) => except).map((rule) => [rule.what, rule] as const))(
    "%s: each exception is needed",
    (_what, rule) => {
      const silent = fields.filter((field) => rule.asks(field) && !rule.says.test(field.node.description ?? ""));
      const needed = (end: string) => silent.some(({ path }) => path === end || path.endsWith(`.${end}`));
      expect(Object.keys(rule.except ?? {}).filter((end) => !needed(end))).toEqual([]);
    },
  );
});
