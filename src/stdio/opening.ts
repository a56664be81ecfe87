/**
 * Answers the first requests of a client without an SDK: the handshake and the lists. Loading an SDK takes 45 ms
 * (legacy) or 65 ms (modern) and 8 to 16 MB, which a server without calls does not need.
 * Only plain requests are answered here; others, mistakes included, are left to the SDK.
 */
import { isObject, type Json } from "../catalog/json.ts";
import { initializeResult } from "../mcp/legacy/legacy-initialize.ts";
import type { Caller, Registry } from "../mcp/registry.ts";
import type { Message } from "../mcp/message.ts";

type Answer = (registry: Registry, caller: Caller, params: Json) => string | undefined;

const REVISION = "2026-07-28";
const PREFIX = "io.modelcontextprotocol/";

/** The lists as JSON text, the same in both eras. */
const LISTS: Readonly<Record<string, (registry: Registry, caller: Caller) => string>> = {
  "tools/list": (registry, caller) => registry.listTools(caller),
  "prompts/list": (registry, caller) => JSON.stringify(registry.listPrompts(caller)),
  "resources/list": (registry, caller) => JSON.stringify(registry.listResources(caller)),
  "resources/templates/list": (registry, caller) => JSON.stringify(registry.listResourceTemplates(caller)),
};

const LEGACY: Readonly<Record<string, Answer>> = {
  initialize: (registry, caller, params) =>
    isPlainInitialize(params)
      ? JSON.stringify(initializeResult(registry, caller, params["protocolVersion"] as string))
      : undefined,
  ping: () => "{}",
  ...mapValues(LISTS, (list) => (registry, caller) => list(registry, caller)),
};

const MODERN: Readonly<Record<string, Answer>> = {
  "server/discover": (registry, caller) => {
    const instructions = registry.instructions(caller);
    const capabilities = { tools: {}, prompts: {}, resources: {}, completions: {}, logging: {} };
    const result = { supportedVersions: [REVISION], capabilities, ...(instructions !== "" && { instructions }) };
    return withTail(JSON.stringify(result), registry, { ttlMs: 0, cacheScope: "private" });
  },
  // Lists change only with the settings, at a restart.
  ...mapValues(
    LISTS,
    (list) => (registry, caller) =>
      withTail(list(registry, caller), registry, { ttlMs: 300_000, cacheScope: "private" }),
  ),
};

/** The result of an opening request as JSON text; undefined where the SDK is needed. */
export function answerOpening(
  { id, method, params = {} }: Message,
  modern: boolean,
  registry: Registry,
  caller: Caller,
): string | undefined {
  const table = modern ? MODERN : LEGACY;
  if (id === undefined || method === undefined || !Object.hasOwn(table, method)) return undefined;
  // Each list is a single page, so that a cursor is a mistake.
  if (params["cursor"] !== undefined || (modern && !isPlainEnvelope(params["_meta"]))) return undefined;
  return table[method]?.(registry, caller, params);
}

function isPlainInitialize({ protocolVersion, capabilities, clientInfo }: Json): boolean {
  return typeof protocolVersion === "string" && isObjectOfObjects(capabilities) && isImplementation(clientInfo);
}

/** Whether `_meta` has the three keys that this revision requires, and no others. */
function isPlainEnvelope(meta: unknown): boolean {
  if (!isObject(meta) || Object.keys(meta).length !== 3) return false;
  const {
    [`${PREFIX}protocolVersion`]: version,
    [`${PREFIX}clientInfo`]: client,
    [`${PREFIX}clientCapabilities`]: capabilities,
  } = meta;
  return version === REVISION && isImplementation(client) && isObjectOfObjects(capabilities);
}

function isImplementation(value: unknown): boolean {
  return isObject(value) && typeof value["name"] === "string" && typeof value["version"] === "string";
}

function isObjectOfObjects(value: unknown): boolean {
  return isObject(value) && Object.values(value).every(isObject);
}

/** Adds the members that every result has in the modern revision. */
function withTail(result: string, { serverInfo }: Registry, hints: Json): string {
  const tail = JSON.stringify({ ...hints, resultType: "complete", _meta: { [`${PREFIX}serverInfo`]: serverInfo } });
  return `${result.slice(0, -1)},${tail.slice(1)}`;
}

function mapValues<From, To>(table: Readonly<Record<string, From>>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(table).map(([name, value]) => [name, change(value)]));
}
