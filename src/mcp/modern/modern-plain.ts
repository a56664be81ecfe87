/**
 * Plain requests of 2026-07-28 over HTTP: those whose whole answer is one JSON body, which is most of them. The SDK
 * classifies them and checks their envelope; the rest of its work (a server, a transport and two schema passes for each
 * request) costs ten times the call and changes nothing here. Whatever is not plain is left to it.
 */
import { classifyInboundRequest } from "@modelcontextprotocol/server";
import { isObject, type Json, ownMember } from "../../catalog/json.ts";
import { BOUNDS } from "../../errors/bounds.ts";
import { listBytes } from "../list-bytes.ts";
import { isId } from "../message.ts";
import { METHODS } from "../methods.ts";
import { CAPABILITIES_KEY } from "./modern.ts";
import { observeAtOnce } from "../observe.ts";
import { answerCall, CACHE, MODERN_REVISION, type ModernServing } from "./modern-call.ts";
import type { Caller, Registry } from "../registry.ts";
import { RPC, type RpcError } from "../rpc-error.ts";

/** Headers as Node has them, names in lower case. */
export type SentHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** A POST, as it came. */
export interface SentRequest {
  readonly headers: SentHeaders;
  readonly body: unknown;
}

/** An HTTP answer whose body is JSON. */
export interface PlainAnswer {
  readonly status: number;
  readonly body: string | Buffer;
}

interface PlainRequest {
  readonly id: string | number;
  readonly method: string;
  readonly params: Json;
  readonly meta: Json;
}

const SERVER_INFO_KEY = "io.modelcontextprotocol/serverInfo";
/** Keys of `_meta` and parameters that are the wire's, not the method's. */
const ENVELOPE = /^io\.modelcontextprotocol\//;
/** What asks for messages before the result, and so for a stream. */
const REPORTS = ["progressToken", "io.modelcontextprotocol/logLevel"];
/** The parameter that `Mcp-Name` repeats. */
const NAMED: Readonly<Record<string, string>> = {
  "tools/call": "name",
  "prompts/get": "name",
  "resources/read": "uri",
};
/** The error that has a status of its own. */
const MISSING_CAPABILITY = -32_021;

/** The SDK's verdict on a POST: a request or notification of this era, a refusal, or the legacy era's. */
export function classify(headers: SentHeaders, body: unknown) {
  const text = (name: string) => (typeof headers[name] === "string" ? headers[name] : undefined);
  const [version, method, name] = [text("mcp-protocol-version"), text("mcp-method"), text("mcp-name")];
  return classifyInboundRequest({
    httpMethod: "POST",
    body,
    ...(version !== undefined && { protocolVersionHeader: version }),
    ...(method !== undefined && { mcpMethodHeader: method }),
    ...(name !== undefined && { mcpNameHeader: name }),
  });
}

/** The answer to a plain request; undefined where the SDK must see it. `signal` aborts when the client has gone. */
export function answerPlain(
  serving: ModernServing,
  { headers, body: sent }: SentRequest,
  caller: Caller,
  signal: () => AbortSignal,
): PlainAnswer | Promise<PlainAnswer> | undefined {
  const long = tooLong(sent);
  if (long !== undefined) return long;
  const request = plainRequest(headers, sent);
  if (request === undefined) return undefined;
  const { registry } = serving;
  if (request.method === "tools/list" && request.params["cursor"] === undefined) {
    const { id, method, meta } = request;
    const observed = { method, id, meta, revision: MODERN_REVISION, wire: caller.wire };
    const [head, tail] = [`{"jsonrpc":"2.0","id":${JSON.stringify(request.id)},"result":`, `,${listTail(registry)}}}`];
    const body = observeAtOnce(registry, observed, () => listBytes(registry.listTools(caller), head, tail));
    return { status: 200, body };
  }
  return answerOne(serving, request, caller, signal());
}

async function answerOne(
  serving: ModernServing,
  { id, method, params, meta }: PlainRequest,
  caller: Caller,
  signal: AbortSignal,
): Promise<PlainAnswer> {
  const { requestState, inputResponses, ...callParams } = params;
  const call = {
    method,
    id,
    meta,
    params: callParams,
    caller,
    signal,
    capabilities: meta[CAPABILITIES_KEY] as Readonly<Record<string, Json | undefined>>,
    state: requestState,
    responses: bareResponses(inputResponses),
  };
  try {
    const result = await answerCall(serving, call);
    const known = result["_meta"] as Json | undefined;
    const _meta = { ...known, [SERVER_INFO_KEY]: known?.[SERVER_INFO_KEY] ?? serving.registry.serverInfo };
    return {
      status: 200,
      body: JSON.stringify({ jsonrpc: "2.0", id, result: { resultType: "complete", ...result, _meta } }),
    };
  } catch (error) {
    const { code, message, data } = error as RpcError;
    const body = JSON.stringify({ jsonrpc: "2.0", id, error: { code, message, ...(data !== undefined && { data }) } });
    return { status: code === MISSING_CAPABILITY ? 400 : 200, body };
  }
}

/** The refusal of what no header could repeat: the SDK's own says it back, however long it is. */
function tooLong(body: unknown): PlainAnswer | undefined {
  const { method, params, id } = (body ?? {}) as { method?: unknown; params?: unknown; id?: unknown };
  const named = typeof method === "string" ? ownMember(NAMED, method) : undefined;
  const parts = { method, ...(named !== undefined && isObject(params) && { [named]: params[named] }) };
  const [what] =
    Object.entries(parts).find(([, text]) => typeof text === "string" && text.length > BOUNDS.routed) ?? [];
  if (what === undefined) return undefined;
  const error = { code: RPC.invalidRequest, message: `${what}: is longer than ${BOUNDS.routed} characters.` };
  return { status: 400, body: JSON.stringify({ jsonrpc: "2.0", id: isId(id) ? id : null, error }) };
}

/**
 * The request, where the SDK finds nothing wrong with it, its headers are all there, and one JSON body can answer it.
 */
function plainRequest(headers: SentHeaders, body: unknown): PlainRequest | undefined {
  const { method, params, id } = (body ?? {}) as { method?: unknown; params?: Json; id?: unknown };
  if (typeof method !== "string" || !Object.hasOwn(METHODS, method)) return undefined;
  // Beyond its classification the SDK requires these headers, and words the refusal where one is missing or wrong.
  if (headers["mcp-method"] !== method || headers["mcp-protocol-version"] !== MODERN_REVISION) return undefined;
  const named = ownMember(NAMED, method);
  if (named !== undefined && headers["mcp-name"] !== params?.[named]) return undefined;
  const meta = params?.["_meta"] as Json | undefined;
  if (typeof meta !== "object" || meta === null || REPORTS.some((key) => key in meta)) return undefined;
  const verdict = classify(headers, body);
  if (verdict.kind !== "modern" || verdict.messageKind !== "request") return undefined;
  return { id: id as string | number, method, params: ownParams(params as Json, meta), meta };
}

/** The parameters as a handler sees them: `_meta` without the envelope, or none. */
function ownParams(params: Json, meta: Json): Json {
  const { _meta, ...callParams } = params;
  const kept = Object.entries(meta).filter(([key]) => !ENVELOPE.test(key));
  return _meta === undefined || kept.length === 0 ? callParams : { ...callParams, _meta: Object.fromEntries(kept) };
}

/** Answers as the revision has them; anything else counts as not answered. */
function bareResponses(responses: unknown): Json {
  if (!isObject(responses)) return {};
  return Object.fromEntries(
    Object.entries(responses).filter(([, entry]) => isObject(entry) && !("method" in entry) && !("result" in entry)),
  );
}

/** What this revision has in a list's result beside the list. */
function listTail(registry: Registry): string {
  const tail = { ...CACHE["tools/list"], resultType: "complete", _meta: { [SERVER_INFO_KEY]: registry.serverInfo } };
  return JSON.stringify(tail).slice(1, -1);
}
