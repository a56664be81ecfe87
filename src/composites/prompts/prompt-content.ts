/** The content of a prompt version: reads it from Portkey's answer, compares it, makes the arguments of a write. */
import type { Json } from "../../catalog/json.ts";
import { badInput } from "../../portkey/request/problem.ts";
import { findChanges, type FieldChange } from "../values/compare-fields.ts";
import { asBoolean, withoutUndefined, isUnset, asObject, parseObject } from "../values/portkey-values.ts";

/** The members are named as in get_prompt and get_prompt_version. An absent one is unset, or not to be changed. */
export interface PromptContent {
  readonly string?: string;
  readonly parameters?: unknown;
  readonly model?: unknown;
  readonly virtual_key?: unknown;
  readonly functions?: unknown;
  readonly tools?: unknown;
  readonly tool_choice?: unknown;
  /** 1: a raw template; absent: a parsed one. */
  readonly is_raw_template?: 0 | 1;
  readonly template_metadata?: Json;
}

const COPIED = ["parameters", "model", "virtual_key", "functions", "tools", "tool_choice"] as const;

/** The content in Portkey's answer about a prompt or version. */
export function readContent(flat: Json): PromptContent {
  const metadata = { ...asObject(flat["prompt_metadata"]), ...asObject(flat["template_metadata"]) };
  return withoutUndefined({
    string: typeof flat["string"] === "string" ? flat["string"] : undefined,
    ...Object.fromEntries(COPIED.map((name) => [name, isUnset(flat[name]) ? undefined : flat[name]])),
    is_raw_template: asBoolean(flat["is_raw_template"]) ? 1 : undefined,
    template_metadata: Object.keys(metadata).length > 0 ? metadata : undefined,
  });
}

/** A template as Portkey stores it: text as it is, messages as JSON text. */
export function templateText(tool: string, template: unknown): string {
  if (Array.isArray(template) && template.length === 0)
    throw badInput(tool, [{ path: "template", text: "must hold at least one message" }]);
  return typeof template === "string" ? template : JSON.stringify(template);
}

/**
 * How `wanted` differs from `current` in the fields that `wanted` has. Of the metadata, its own keys are compared
 * except for those in `notCompared`, such as the provenance of a copy.
 */
export function contentChanges(
  current: PromptContent,
  wanted: PromptContent,
  notCompared: ReadonlySet<string> = new Set(),
): FieldChange[] {
  const { template_metadata: metadata, ...fields } = wanted;
  const [here, there] = [liftModel(current), liftModel(fields)];
  const names = Object.keys(there);
  const before = Object.fromEntries(names.map((name) => [name, toComparable(name, here[name as keyof PromptContent])]));
  const after = Object.fromEntries(Object.entries(there).map(([name, value]) => [name, toComparable(name, value)]));
  const keys = Object.keys(metadata ?? {}).filter((key) => !notCompared.has(key));
  const picked = (from: Json | undefined) => Object.fromEntries(keys.map((key) => [key, from?.[key]]));
  return [
    ...findChanges(before, after),
    ...findChanges(picked(current.template_metadata), picked(metadata)).map((change) => ({
      ...change,
      field: `template_metadata.${change.field}`,
    })),
  ];
}

/** `current` with the fields of `wanted` replaced; metadata is merged key by key. */
export function mergeContent(current: PromptContent, wanted: PromptContent): PromptContent {
  const metadata = { ...current.template_metadata, ...wanted.template_metadata };
  // Portkey may store the model among the parameters; replacing these must not remove it.
  const model = "parameters" in wanted && isUnset(current.model) ? liftModel(current).model : current.model;
  return {
    ...current,
    ...withoutUndefined({ model }),
    ...wanted,
    ...(Object.keys(metadata).length > 0 && { template_metadata: metadata }),
  };
}

/** The content as arguments of create_prompt. A parsed template is the default, and needs no flag. */
export function createArguments({ is_raw_template: raw, parameters, ...content }: PromptContent): Json {
  return { ...withoutUnset(content), ...(raw === 1 && { is_raw_template: raw }), parameters: parameters ?? {} };
}

/**
 * The content as arguments of update_prompt. All fields are given, since a new version has only the given ones.
 * The raw flag is always given, since the API refuses a new version without it.
 */
export function updateArguments(
  { template_metadata, parameters, ...content }: PromptContent,
  wanted: PromptContent,
): Json {
  const cleared = ["functions", "tools"].filter(
    (name) => isUnset(content[name as keyof typeof content]) && name in wanted,
  );
  return {
    ...withoutUnset(content),
    is_raw_template: content.is_raw_template ?? 0,
    ...Object.fromEntries(cleared.map((name) => [name, []])),
    parameters: parameters ?? {},
    ...(template_metadata && { prompt_metadata: template_metadata }),
  };
}

function withoutUnset(content: Json): Json {
  return Object.fromEntries(Object.entries(content).filter(([, value]) => !isUnset(value)));
}

/**
 * The content with the model as its own field, without the copy that Portkey adds to the parameters.
 * A model in the parameters alone becomes the version's model. A different one stays in both places.
 */
function liftModel(content: PromptContent): PromptContent {
  const parameters = parseObject(content.parameters);
  const echoed = parameters?.["model"];
  if (parameters === undefined || isUnset(echoed)) return content;
  if (!isUnset(content.model) && content.model !== echoed) return content;
  const { model: _echoed, ...others } = parameters;
  return { ...content, parameters: others, model: echoed };
}

/** The value to compare; for the raw flag, unset and 0 are the same. */
function toComparable(name: string, value: unknown): unknown {
  return name === "is_raw_template" ? asBoolean(value) : value;
}
