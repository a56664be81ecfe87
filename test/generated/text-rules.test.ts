/**
 * What a field's text must say, by the field's name and type, over every field of every tool: the unit of money and
 * time, the base of a page, form and source of an id, what null does, whether an update merges or replaces. The
 * exceptions are a table, each with its reason.
 */
import { describe, expect, test } from "vitest";
import manifest from "../../generated/portkey/manifest.json" with { type: "json" };
import schemas from "../../generated/portkey/schemas.json" with { type: "json" };

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
  readonly tool: string;
  /** Dotted path, without array marks. */
  readonly path: string;
  readonly name: string;
  readonly node: Node;
}
interface Rule {
  readonly what: string;
  readonly asks: (field: Field) => boolean;
  readonly says: RegExp;
  /** Paths' ends that need not say it, and why. */
  readonly except?: Readonly<Record<string, string>>;
}

const records = new Map(
  Object.values(manifest).map((record) => [
    record.name,
    record as { method?: string; arguments: { name: string; place: string }[] },
  ]),
);

function* fieldsIn(tool: string, node: Node, trail: readonly string[] = []): Generator<Field> {
  for (const [name, member] of Object.entries(node.properties ?? {})) {
    const inner = [...trail, name];
    yield { tool, path: inner.join("."), name, node: member };
    yield* fieldsIn(tool, member, inner);
  }
  for (const part of [node.items, ...(node.oneOf ?? []), ...(node.anyOf ?? [])]) {
    if (part !== undefined) yield* fieldsIn(tool, part, trail);
  }
  if (typeof node.additionalProperties === "object") yield* fieldsIn(tool, node.additionalProperties, [...trail, "*"]);
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
const isUpdated = ({ tool, path }: Field) => {
  const record = records.get(tool);
  const sent = record?.arguments.find(({ name }) => name === path)?.place === "body";
  return sent && (record?.method === "PUT" || record?.method === "PATCH");
};

const THEIRS = "an id of another company's service; only its owner knows where it stands";
const OWN = "the caller's own id";
const ID = /(?:^|_)(?:ids?|slugs?)$/;

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
    says: /\((?:list|get|create)_|from list_|earlier|Made from|New slug|must be free|by get_trace|get_trace shows/i,
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

const fields = Object.entries(schemas as Record<string, Node>).flatMap(([tool, schema]) => [...fieldsIn(tool, schema)]);
const isExcepted = ({ except = {} }: Rule, { path }: Field) =>
  Object.keys(except).some((end) => path === end || path.endsWith(`.${end}`));

test("no argument that must be given is said to have a default", () => {
  const said = Object.entries(schemas as Record<string, Node & { readonly required?: readonly string[] }>).flatMap(
    ([tool, { properties = {}, required = [] }]) =>
      required
        .filter((name) => /; default\b/.test(properties[name]?.description ?? ""))
        .map((name) => `${tool} ${name}`),
  );
  expect(said).toEqual([]);
});

describe("every field of every tool", () => {
  test.each(RULES.map((rule) => [rule.what, rule] as const))("%s", (_what, rule) => {
    const asked = fields.filter((field) => rule.asks(field) && !isExcepted(rule, field));
    expect(asked.length).toBeGreaterThan(0);
    const silent = asked.filter(({ node }) => !rule.says.test(node.description ?? ""));
    expect(silent.map(({ tool, path, node }) => `${tool} ${path}: ${node.description}`)).toEqual([]);
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
