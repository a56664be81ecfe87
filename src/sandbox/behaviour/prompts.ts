/**
 * Prompts and partials: strict updates, publishing, and rendering on the gateway.
 */
import { ApiError } from "../http/api-error.ts";
import { notFound, type Handler, type Call, type Reply } from "./call.ts";
import { updateEntity } from "./collections.ts";
import { objectOf, without, type Json } from "../json.ts";
import type { Entity, Version } from "../state/store.ts";
import { renderTemplate, messagesOf, type Message } from "./template.ts";
import { changesVersion, findVersion, publishedVersion } from "./versions.ts";
import { viewOf, viewOfJson } from "../shapes/views.ts";

/** A template ready for a model: what render answers and completion runs. */
export interface Rendered {
  readonly prompt: Entity;
  readonly version: Version;
  readonly messages: Message[];
  readonly model: string;
  /** Model, messages, parameters and tools in one object, the caller's own parameters last. */
  readonly request: Json;
}

const defaultModel = "gpt-4o-mini";

/** What a new version must hold when `patch` does not take the rest from the newest one. */
const wholeVersion = ["string", "parameters", "virtual_key", "is_raw_template"] as const;

/** A new name may come with `parameters: null`, which changes no version. */
const updatePrompt: Handler = (call) => {
  const body = call.fields["parameters"] === null ? without(call.fields, "parameters") : call.fields;
  const prompt = call.entity();
  if (changesVersion(prompt.kind, body) && body["patch"] !== true) {
    const missing = wholeVersion.find((name) => body[name] === undefined || body[name] === null);
    if (missing)
      throw new ApiError(400, `${missing} is required in a new version; send patch: true to change single fields.`);
  }
  return savedVersion(call, prompt, body);
};

const updatePartial: Handler = (call) => savedVersion(call, call.entity(), call.fields);

/** Saves a change, and answers the version that it made; `{}` where it made none. */
function savedVersion(call: Call, entity: Entity, body: Json): Reply {
  const makesVersion = changesVersion(entity.kind, body);
  // A version's description belongs to the version that it comes with. Alone it changes nothing.
  const kept = makesVersion ? body : without(body, "version_description", "description");
  updateEntity(call, entity, kept);
  return makesVersion ? { one: viewOf(call.world, entity, entity.versions.at(-1)) } : { raw: {} };
}

const publishPrompt: Handler = (call) => {
  const entity = call.entity();
  const wanted = call.fields["version"];
  const version = entity.versions.find(({ number }) => number === Number(wanted));
  if (!version) throw new ApiError(404, `There is no version ${String(wanted)}.`);
  entity.published = version.number;
  entity.fields["last_updated_at"] = call.world.timestamp();
  return { done: true };
};

const renderedPrompt: Handler = (call) => {
  const { request } = renderPrompt(call);
  return { one: viewOfJson(call.operation.key, { success: true, data: request }) };
};

/**
 * The prompt that a gateway path names, rendered with the body's variables.
 * The path says `slug`, `slug@version`, `slug@label` or `slug@latest`.
 */
export function renderPrompt(call: Call): Rendered {
  const { prompt, version } = namedPrompt(call);
  const { variables } = call.fields;
  const parameters = without(call.fields, "variables", "stream");
  const content = version.content;
  const fill = (text: string) => renderTemplate(text, objectOf(variables), (name) => partialText(call, name));
  const messages = messagesOf(String(content["string"] ?? ""), fill);
  const model = String(
    parameters["model"] ?? content["model"] ?? objectOf(content["parameters"])["model"] ?? defaultModel,
  );
  const { tools, functions, tool_choice } = content;
  const settings = Object.entries({ tools, functions, tool_choice }).filter(
    ([, value]) => value !== undefined && value !== null,
  );
  return {
    prompt,
    version,
    messages,
    model,
    request: { ...objectOf(content["parameters"]), ...Object.fromEntries(settings), ...parameters, model, messages },
  };
}

function namedPrompt(call: Call): { prompt: Entity; version: Version } {
  const [reference = "", at] = (call.values[0] ?? "").split("@");
  const prompt = call.world.store.find("/prompts", reference);
  if (!prompt) throw notFound("/prompts", reference);
  call.ensureReach(prompt);
  const version = at === undefined ? publishedVersion(prompt) : findVersion(call.world, prompt, at);
  if (!version) throw new ApiError(404, `The prompt has no version ${String(at)}.`);
  return { prompt, version };
}

function partialText(call: Call, reference: string): string | undefined {
  const [name = "", at] = reference.split("@");
  const partials = call.world.store.all("/prompts/partials");
  const partial =
    call.world.store.find("/prompts/partials", name) ?? partials.find((each) => each.fields["name"] === name);
  const version = partial && (at === undefined ? publishedVersion(partial) : findVersion(call.world, partial, at));
  return version && String(version.content["string"] ?? "");
}

export const promptHandlers: Readonly<Record<string, Handler>> = {
  "PUT /prompts/{}": updatePrompt,
  "PUT /prompts/partials/{}": updatePartial,
  "PUT /prompts/{}/makeDefault": publishPrompt,
  "PUT /prompts/partials/{}/makeDefault": publishPrompt,
  "POST /prompts/{}/render": renderedPrompt,
};
