/**
 * MCP's requests that the registry answers, by method: the same in every revision, free of any SDK.
 * Parameters are checked here by hand: both SDKs would do it with zod on every request and strip what they do not know.
 */
import type { Json } from "../catalog/json.ts";
import type { Caller, ClientLink, Registry } from "./registry.ts";
import { readAs } from "../portkey/request/text-values.ts";
import { RPC, RpcError } from "./rpc-error.ts";

/** What a method works with: the request's parameters, and who asks for what. */
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
    return parsedOnce(registry.listTools(caller));
  },
  "tools/call": async ({ params, registry, caller, link }) =>
    (await registry.callTool(text(params, "name"), callArguments(params), caller, link)) as unknown as Json,
  "prompts/list": ({ params, registry, caller }) => {
    refuseCursor(params);
    return registry.listPrompts(caller);
  },
  "prompts/get": async ({ params, registry, caller, link }) => {
    const name = text(params, "name");
    const prompt = await registry.getPrompt(name, strings(params, "arguments"), caller, link);
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
  "resources/read": ({ params, registry, caller, link }) => registry.readResource(text(params, "uri"), caller, link),
  "completion/complete": ({ params, registry, caller, link }) => {
    const argument = object(params, "argument");
    const request = {
      context: params["context"] === undefined ? undefined : object(params, "context"),
      ref: object(params, "ref"),
      argument: { name: text(argument, "name", "argument."), value: text(argument, "value", "argument.") },
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
  registry.watch(text(params, "uri"), on, caller);
  return {};
}

/** Every list is one page, so no cursor was ever given out. */
function refuseCursor(params: Json): void {
  if (params["cursor"] !== undefined) {
    throw new RpcError(RPC.invalidParams, "cursor: unknown; the list is a single page, ask again without a cursor.");
  }
}

function text(params: Json, field: string, at = ""): string {
  const value = params[field];
  if (typeof value !== "string") throw new RpcError(RPC.invalidParams, `${at}${field}: must be a string.`);
  return value;
}

/** An object; absent counts as empty for `arguments` only, which MCP makes optional. */
function object(params: Json, field: string): Json {
  const value = params[field];
  if (value === undefined && field === "arguments") return {};
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new RpcError(RPC.invalidParams, `${field}: must be an object.`);
  }
  return value as Json;
}

/** A call's arguments. Text that holds an object goes on as it is: the tool reads it, and says so. */
function callArguments(params: Json): unknown {
  const value = params["arguments"];
  return readAs(value, ["object"]) === undefined ? object(params, "arguments") : value;
}

/** Named strings; one that is null counts as left out. */
function strings(params: Json, field: string): Readonly<Record<string, string>> {
  const entries = object(params, field);
  for (const [key, value] of Object.entries(entries)) {
    if (value !== null && typeof value !== "string")
      throw new RpcError(RPC.invalidParams, `${field}.${key}: must be a string.`);
  }
  const given = Object.entries(entries).filter(([, value]) => value !== null);
  return Object.fromEntries(given) as Readonly<Record<string, string>>;
}

/** One entry per policy in use; a process sees few. */
const PARSED_LIMIT = 64;
const parsed = new Map<string, Json>();

/** The object of a pre-serialised list, parsed once per text. Callers must not change it. */
function parsedOnce(json: string): Json {
  let value = parsed.get(json);
  if (value === undefined) {
    value = JSON.parse(json) as Json;
    if (parsed.size >= PARSED_LIMIT) parsed.delete(parsed.keys().next().value as string);
    parsed.set(json, value);
  }
  return value;
}
