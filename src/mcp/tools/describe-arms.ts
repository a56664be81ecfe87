/**
 * Gives each alternative of a union a `title` that says when it applies: the one value that a member of it must have
 * (`aws_auth_type: accessKey`), or the AI provider whose settings it holds (`ai_provider_id: bedrock`).
 */
import type { JsonSchema } from "../../catalog/record.ts";

/** Providers, each by a member that only its settings have; the first match counts. */
const PROVIDERS: readonly (readonly [member: string, provider: string])[] = [
  ["openai_organization", "openai"],
  ["azure_resource_name", "azure-openai"],
  ["azure_foundry_url", "azure-ai"],
  ["amzn_sagemaker_model_name", "sagemaker"],
  ["aws_region", "bedrock"],
  ["vertex_region", "vertex-ai"],
  ["workers_ai_account_id", "workers-ai"],
  ["huggingface_base_url", "huggingface"],
  ["snowflake_account", "cortex"],
  ["custom_host", "any other, with an address of its own"],
];

/** The member that names the provider, where a tool has one. */
const PROVIDER_MEMBER = "ai_provider_id";

/** `schema` with a title on each alternative that has none. */
export function withLabels(schema: JsonSchema): JsonSchema {
  const { properties, items } = schema;
  const arms = (key: "oneOf" | "anyOf") => {
    const list = schema[key] as readonly JsonSchema[] | undefined;
    return list && { [key]: list.map((arm) => withTitle(withLabels(arm), list)) };
  };
  return {
    ...schema,
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, withLabels(inner)])),
    }),
    ...(items && { items: withLabels(items) }),
    ...arms("oneOf"),
    ...arms("anyOf"),
  };
}

/** The alternatives of `schema` whose title, or a word of it, is `label`. */
export function armsNamed(schema: JsonSchema, label: string): readonly JsonSchema[] {
  const wanted = label.toLowerCase();
  return armsOf(schema).filter(({ title }) =>
    String(title ?? "")
      .toLowerCase()
      .split(/[\s:,]+/)
      .concat(String(title ?? "").toLowerCase())
      .includes(wanted),
  );
}

export function armsOf(schema: JsonSchema): readonly JsonSchema[] {
  return [schema["oneOf"], schema["anyOf"]].flatMap((list) => (list ?? []) as readonly JsonSchema[]);
}

function withTitle(arm: JsonSchema, all: readonly JsonSchema[]): JsonSchema {
  if (arm["title"] !== undefined || arm.properties === undefined || all.length < 2) return arm;
  const title = selectorOf(arm, all) ?? providerOf(arm);
  return title === undefined ? arm : { title, ...arm };
}

/** The members with one possible value that no other alternative has: `aws_auth_type: accessKey`. */
function selectorOf({ properties = {} }: JsonSchema, all: readonly JsonSchema[]): string | undefined {
  const selectors = Object.entries(properties).flatMap(([name, { enum: values = [] }]) => {
    const [value] = values;
    const accepting = all.filter(({ properties: others }) => others?.[name]?.enum?.includes(value));
    return values.length === 1 && accepting.length === 1 ? [`${name}: ${String(value)}`] : [];
  });
  return selectors.length === 0 ? undefined : selectors.join(", ");
}

function providerOf({ properties = {} }: JsonSchema): string | undefined {
  const row = PROVIDERS.find(([member]) => Object.hasOwn(properties, member));
  return row === undefined ? undefined : `${PROVIDER_MEMBER}: ${row[1]}`;
}
