/**
 * Prompts and partials: strict updates, publishing and rendering.
 */
import { ApiError } from "../http/api-error.ts";
import { notFound, type Handler, type Call, type Reply } from "./call.ts";
import { updateEntity } from "./collections.ts";
import { asObject, without, type Json } from "../json.ts";
import type { Entity, Version } from "../state/store.ts";
import { renderTemplate, toMessages, type Message } from "./template.ts";
import { changesVersion, findVersion, publishedVersion } from "./versions.ts";
import { createView, createJsonView } from "../shapes/views.ts";

/** A rendered prompt, as render returns it and completion runs it. */
export interface Rendered {
  readonly prompt: Entity;
  readonly version: Version;
  readonly messages: Message[];
  readonly model: string;
  /** Model, messages, parameters and tools in one object, the caller's own parameters last. */
  readonly request: Json;
}

const defaultModel = "gpt-4o-mini";

/** Fields that a new version requires, unless `patch` takes the rest from the newest version. */
const wholeVersion = ["string", "parameters", "virtual_key", "is_raw_template"] as const;

/** `parameters: null` may be sent with a new name; it does not make a version. */
const updatePrompt: Handler = (call) => {
  const body = call.fields["parameters"] === null ? without(call.fields, "parameters") : call.fields;
  const prompt = call.entity();
  if (changesVersion(prompt.kind, body) && body["patch"] !== true) {
    const missing = wholeVersion.find((name) => body[name] === undefined || body[name] === null);
    if (missing)
      throw new ApiError(400, `${missing} is required in a new version; send patch: true to change single fields.`);
  }
  return saveVersion(call, prompt, body);
};

const updatePartial: Handler = (call) => saveVersion(call, call.entity(), call.fields);

/** Saves a change, and replies with the version that it made, or `{}`. */
function saveVersion(call: Call, entity: Entity, body: Json): Reply {
  const makesVersion = changesVersion(entity.kind, body);
  // A description belongs to the version that it is sent with; without a new version it is ignored.
  const kept = makesVersion ? body : without(body, "version_description", "description");
  updateEntity(call, entity, kept);
  return makesVersion ? { one: createView(call.world, entity, entity.versions.at(-1)) } : { raw: {} };
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

const renderHandler: Handler = (call) => {
  const { request } = renderPrompt(call);
  return { one: createJsonView(call.operation.key, { success: true, data: request }) };
};

/**
 * Renders the prompt of a gateway path with the body's variables.
 * The path has `slug`, `slug@version`, `slug@label` or `slug@latest`.
 */
export function renderPrompt(call: Call): Rendered {
  const { prompt, version } = findNamedPrompt(call);
  const { variables } = call.fields;
  const parameters = without(call.fields, "variables", "stream");
  const content = version.content;
  const fill = (text: string) => renderTemplate(text, asObject(variables), (name) => findPartialText(call, name));
  const messages = toMessages(String(content["string"] ?? ""), fill);
  const model = String(
    parameters["model"] ?? content["model"] ?? asObject(content["parameters"])["model"] ?? defaultModel,
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
    request: { ...asObject(content["parameters"]), ...Object.fromEntries(settings), ...parameters, model, messages },
  };
}

function findNamedPrompt(call: Call): { prompt: Entity; version: Version } {
  const [reference = "", at] = (call.values[0] ?? "").split("@");
  const prompt = call.world.store.find("/prompts", reference);
  if (!prompt) throw notFound("/prompts", reference);
  call.ensureReach(prompt);
  const version = at === undefined ? publishedVersion(prompt) : findVersion(call.world, prompt, at);
  if (!version) throw new ApiError(404, `The prompt has no version ${String(at)}.`);
  return { prompt, version };
}

function findPartialText(call: Call, reference: string): string | undefined {
  const [name = "", at] = reference.split("@");
  const partials = call.world.store.all("/prompts/partials");
  const partial =
    call.world.store.find("/prompts/partials", name) ?? partials.find((entry) => entry.fields["name"] === name);
  const version = partial && (at === undefined ? publishedVersion(partial) : findVersion(call.world, partial, at));
  return version && String(version.content["string"] ?? "");
}

export const promptHandlers: Readonly<Record<string, Handler>> = {
  "PUT /prompts/{}": updatePrompt,
  "PUT /prompts/partials/{}": updatePartial,
  "PUT /prompts/{}/makeDefault": publishPrompt,
  "PUT /prompts/partials/{}/makeDefault": publishPrompt,
  "POST /prompts/{}/render": renderHandler,
};
