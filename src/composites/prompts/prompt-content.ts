/** What a prompt version holds: read from Portkey's flat answer, compared, and turned into the arguments of a write. */
import type { Json } from "../../catalog/json.ts";
import { badInput } from "../../portkey/request/problem.ts";
import { changesBetween, type FieldChange } from "../values/compare-fields.ts";
import { flagOf, withoutUndefined, isUnset, membersOf, parsedObject } from "../values/portkey-values.ts";

/** Named as the answers of get_prompt and get_prompt_version name them. An absent field is unset, or not asked for. */
export interface PromptContent {
  readonly string?: string;
  readonly parameters?: unknown;
  readonly model?: unknown;
  readonly virtual_key?: unknown;
  readonly functions?: unknown;
  readonly tools?: unknown;
  readonly tool_choice?: unknown;
  /** 1: the text is sent raw; absent: it is a parsed template. */
  readonly is_raw_template?: 0 | 1;
  readonly template_metadata?: Json;
}

const COPIED = ["parameters", "model", "virtual_key", "functions", "tools", "tool_choice"] as const;

/** The content of a prompt or version as Portkey answers it. */
export function contentOf(flat: Json): PromptContent {
  const metadata = { ...membersOf(flat["prompt_metadata"]), ...membersOf(flat["template_metadata"]) };
  return withoutUndefined({
    string: typeof flat["string"] === "string" ? flat["string"] : undefined,
    ...Object.fromEntries(COPIED.map((name) => [name, isUnset(flat[name]) ? undefined : flat[name]])),
    is_raw_template: flagOf(flat["is_raw_template"]) ? 1 : undefined,
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
 * How `wanted` differs from `current` in the fields that `wanted` has. Of the metadata only its own keys count, without
 * those in `notCompared`: where a copy came from and when is no change of what it says.
 */
export function contentChanges(
  current: PromptContent,
  wanted: PromptContent,
  notCompared: ReadonlySet<string> = new Set(),
): FieldChange[] {
  const { template_metadata: metadata, ...fields } = wanted;
  const [here, there] = [withModelLifted(current), withModelLifted(fields)];
  const names = Object.keys(there);
  const before = Object.fromEntries(names.map((name) => [name, comparable(name, here[name as keyof PromptContent])]));
  const after = Object.fromEntries(Object.entries(there).map(([name, value]) => [name, comparable(name, value)]));
  const keys = Object.keys(metadata ?? {}).filter((key) => !notCompared.has(key));
  const picked = (from: Json | undefined) => Object.fromEntries(keys.map((key) => [key, from?.[key]]));
  return [
    ...changesBetween(before, after),
    ...changesBetween(picked(current.template_metadata), picked(metadata)).map((change) => ({
      ...change,
      field: `template_metadata.${change.field}`,
    })),
  ];
}

/** `current` with what `wanted` says in its place; metadata is added key by key. */
export function mergedContent(current: PromptContent, wanted: PromptContent): PromptContent {
  const metadata = { ...current.template_metadata, ...wanted.template_metadata };
  // A model that Portkey keeps among the parameters is not to go with them.
  const model = "parameters" in wanted && isUnset(current.model) ? withModelLifted(current).model : current.model;
  return {
    ...current,
    ...withoutUndefined({ model }),
    ...wanted,
    ...(Object.keys(metadata).length > 0 && { template_metadata: metadata }),
  };
}

/** The content as arguments of create_prompt. A parsed template is the API's default, and needs no flag. */
export function createArguments({ is_raw_template: raw, parameters, ...content }: PromptContent): Json {
  return { ...withoutUnset(content), ...(raw === 1 && { is_raw_template: raw }), parameters: parameters ?? {} };
}

/**
 * The whole content as arguments of update_prompt: a version that leaves a field out would be made without it.
 * The raw flag is always said, because the API refuses a new version without it.
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
 * The content with the model in one place. Portkey adds a version's model to its parameters: there it says the same,
 * and is no difference. A model that stands in the parameters alone counts as the version's.
 */
function withModelLifted(content: PromptContent): PromptContent {
  const parameters = parsedObject(content.parameters);
  const echoed = parameters?.["model"];
  if (parameters === undefined || isUnset(echoed)) return content;
  if (!isUnset(content.model) && content.model !== echoed) return content;
  const { model: _echoed, ...others } = parameters;
  return { ...content, parameters: others, model: echoed };
}

/** The raw flag is a word for a kind of template: unset and 0 are the same. */
function comparable(name: string, value: unknown): unknown {
  return name === "is_raw_template" ? flagOf(value) : value;
}
