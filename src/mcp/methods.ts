/**
 * MCP's methods that the registry answers, the same in every revision and without an SDK.
 * Parameters are checked by hand: both SDKs would run zod for every request, and remove members they do not know.
 */
import type { Json } from "../catalog/json.ts";
import type { Caller, ClientLink, Registry } from "./registry.ts";
import { readTextAs } from "../portkey/request/text-values.ts";
import { RPC, RpcError } from "./rpc-error.ts";

/** What a method gets: the request's parameters, its caller, and the link to the client. */
export interface MethodContext {
  readonly params: Json;
  readonly registry: Registry;
  readonly caller: Caller;
  readonly link: ClientLink;
}

export type Method = (context: MethodContext) => Json | Promise<Json>;

export const METHODS: Readonly<Record<string, Method>> = {
  "tools/list": ({ params, registry, caller }) => {
    refuseCursor(params);
    return parseOnce(registry.listTools(caller));
  },
  "tools/call": async ({ params, registry, caller, link }) =>
    (await registry.callTool(requireText(params, "name"), callArguments(params), caller, link)) as unknown as Json,
  "prompts/list": ({ params, registry, caller }) => {
    refuseCursor(params);
    return registry.listPrompts(caller);
  },
  "prompts/get": async ({ params, registry, caller, link }) => {
    const name = requireText(params, "name");
    const prompt = await registry.getPrompt(name, promptArguments(params), caller, link);
    link.span?.prompt(name);
    return prompt;
  },
  "resources/list": ({ params, registry, caller }) => {
    refuseCursor(params);
    return registry.listResources(caller);
  },
  "resources/templates/list": ({ params, registry, caller }) => {
    refuseCursor(params);
    return registry.listResourceTemplates(caller);
  },
  "resources/read": ({ params, registry, caller, link }) =>
    registry.readResource(requireText(params, "uri"), caller, link),
  "completion/complete": ({ params, registry, caller, link }) => {
    const argument = requireObject(params, "argument");
    const request = {
      context: params["context"] === undefined ? undefined : requireObject(params, "context"),
      ref: requireObject(params, "ref"),
      argument: {
        name: requireText(argument, "name", "argument."),
        value: requireText(argument, "value", "argument."),
      },
    };
    return registry.complete(request, caller, link);
  },
};

/** Methods of the legacy revisions alone. */
export const LEGACY_METHODS: Readonly<Record<string, Method>> = {
  "resources/subscribe": (context) => watch(context, true),
  "resources/unsubscribe": (context) => watch(context, false),
};

function watch({ params, registry, caller }: MethodContext, on: boolean): Json {
  if (registry.watch === undefined) throw new RpcError(RPC.methodNotFound, "Method not found");
  registry.watch(requireText(params, "uri"), on, caller);
  return {};
}

/** Throws RpcError -32602 for a cursor: every list is a single page, so this server has issued none. */
function refuseCursor(params: Json): void {
  if (params["cursor"] !== undefined) {
    throw new RpcError(RPC.invalidParams, "cursor: unknown; the list is a single page, ask again without a cursor.");
  }
}

/** Throws RpcError -32602; `prefix` is where `params` stand in the request, for the message. */
function requireText(params: Json, field: string, prefix = ""): string {
  const value = params[field];
  if (typeof value !== "string") throw new RpcError(RPC.invalidParams, `${prefix}${field}: must be a string.`);
  return value;
}

/** Throws RpcError -32602. An absent `arguments` counts as empty, since MCP makes it optional. */
function requireObject(params: Json, field: string): Json {
  const value = params[field];
  if (value === undefined && field === "arguments") return {};
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new RpcError(RPC.invalidParams, `${field}: must be an object.`);
  }
  return value as Json;
}

/** A call's arguments. JSON text of an object is passed on as it is: the tool parses it, and adds a note. */
function callArguments(params: Json): unknown {
  const value = params["arguments"];
  return readTextAs(value, ["object"]) === undefined ? requireObject(params, "arguments") : value;
}

/** A prompt's arguments, which are strings; null counts as absent. */
function promptArguments(params: Json): Readonly<Record<string, string>> {
  const entries = requireObject(params, "arguments");
  for (const [key, value] of Object.entries(entries)) {
    if (value !== null && typeof value !== "string")
      throw new RpcError(RPC.invalidParams, `arguments.${key}: must be a string.`);
  }
  const present = Object.entries(entries).filter(([, value]) => value !== null);
  return Object.fromEntries(present) as Readonly<Record<string, string>>;
}

/** One entry for each policy in use, of which there are few. */
const PARSED_LIMIT = 64;
const parsed = new Map<string, Json>();

/** Parses a serialised list, once for each text. The object is shared: do not change it. */
function parseOnce(json: string): Json {
  let value = parsed.get(json);
  if (value === undefined) {
    value = JSON.parse(json) as Json;
    if (parsed.size >= PARSED_LIMIT) parsed.delete(parsed.keys().next().value as string);
    parsed.set(json, value);
  }
  return value;
}
