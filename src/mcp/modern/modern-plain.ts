/**
 * Plain requests of revision 2026-07-28 over HTTP: those whose answer is one JSON body, which is most of them.
 * The SDK classifies them and checks their envelope. The rest of its work (a server, a transport and two schema passes
 * for each request) would cost ten times the call and change nothing. Other requests are left to the SDK.
 */
import { classifyInboundRequest } from "@modelcontextprotocol/server";
import { isObject, type Json, ownMember } from "../../catalog/json.ts";
import { BOUNDS } from "../../errors/bounds.ts";
import { listBytes } from "../list-bytes.ts";
import { isId } from "../message.ts";
import { METHODS } from "../methods.ts";
import { CAPABILITIES_KEY } from "./modern.ts";
import { observeSync } from "../observe.ts";
import { answerCall, CACHE, MODERN_REVISION, type ModernServing } from "./modern-call.ts";
import type { Caller, Registry } from "../registry.ts";
import { RPC, type RpcError } from "../rpc-error.ts";

/** Headers as Node has them, names in lower case. */
export type SentHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** A POST, as the client sent it. */
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
/** Keys of `_meta` that are part of the envelope. */
const ENVELOPE = /^io\.modelcontextprotocol\//;
/** Keys of `_meta` that ask for notifications before the result, and so for an event stream. */
const STREAM_KEYS = ["progressToken", "io.modelcontextprotocol/logLevel"];
/** By method, the parameter that the header `Mcp-Name` repeats. */
const NAMED: Readonly<Record<string, string>> = {
  "tools/call": "name",
  "prompts/get": "name",
  "resources/read": "uri",
};
/** The only error code with another status than 200. */
const MISSING_CAPABILITY = -32_021;

/** The SDK's classification of a POST: a request or notification of this era, a refusal, or the legacy era. */
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

/** Answers a plain request; undefined: the SDK must. `signal` must abort when the client disconnects. */
export function answerPlain(
  serving: ModernServing,
  { headers, body: sent }: SentRequest,
  caller: Caller,
  signal: () => AbortSignal,
): PlainAnswer | Promise<PlainAnswer> | undefined {
  const refusal = refuseTooLong(sent);
  if (refusal !== undefined) return refusal;
  const request = plainRequest(headers, sent);
  if (request === undefined) return undefined;
  const { registry } = serving;
  if (request.method === "tools/list" && request.params["cursor"] === undefined) {
    const { id, method, meta } = request;
    const observed = { method, id, meta, revision: MODERN_REVISION, wire: caller.wire };
    const head = `{"jsonrpc":"2.0","id":${JSON.stringify(request.id)},"result":`;
    const tail = `,${listTail(registry)}}}`;
    const body = observeSync(registry, observed, () => listBytes(registry.listTools(caller), head, tail));
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
    responses: validResponses(inputResponses),
  };
  try {
    const result = await answerCall(serving, call);
    const resultMeta = result["_meta"] as Json | undefined;
    const serverInfo = resultMeta?.[SERVER_INFO_KEY] ?? serving.registry.serverInfo;
    const _meta = { ...resultMeta, [SERVER_INFO_KEY]: serverInfo };
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

/**
 * Refuses a method or name that is too long for the header that must repeat it. The SDK's own refusal would quote it,
 * whatever its length.
 */
function refuseTooLong(body: unknown): PlainAnswer | undefined {
  const { method, params, id } = (body ?? {}) as { method?: unknown; params?: unknown; id?: unknown };
  const named = typeof method === "string" ? ownMember(NAMED, method) : undefined;
  const repeated = { method, ...(named !== undefined && isObject(params) && { [named]: params[named] }) };
  const [field] =
    Object.entries(repeated).find(([, text]) => typeof text === "string" && text.length > BOUNDS.routed) ?? [];
  if (field === undefined) return undefined;
  const error = { code: RPC.invalidRequest, message: `${field}: is longer than ${BOUNDS.routed} characters.` };
  return { status: 400, body: JSON.stringify({ jsonrpc: "2.0", id: isId(id) ? id : null, error }) };
}

/** The request, where it is valid for the SDK, has all required headers, and can be answered with one JSON body. */
function plainRequest(headers: SentHeaders, body: unknown): PlainRequest | undefined {
  const { method, params, id } = (body ?? {}) as { method?: unknown; params?: Json; id?: unknown };
  if (typeof method !== "string" || !Object.hasOwn(METHODS, method)) return undefined;
  // The SDK requires these headers besides its classification. Where one is missing or wrong, it writes the refusal.
  if (headers["mcp-method"] !== method || headers["mcp-protocol-version"] !== MODERN_REVISION) return undefined;
  const named = ownMember(NAMED, method);
  if (named !== undefined && headers["mcp-name"] !== params?.[named]) return undefined;
  const meta = params?.["_meta"] as Json | undefined;
  if (typeof meta !== "object" || meta === null || STREAM_KEYS.some((key) => key in meta)) return undefined;
  const verdict = classify(headers, body);
  if (verdict.kind !== "modern" || verdict.messageKind !== "request") return undefined;
  return { id: id as string | number, method, params: withoutEnvelope(params as Json, meta), meta };
}

/** The parameters without the envelope in `_meta`, and without `_meta` where nothing else is in it. */
function withoutEnvelope(params: Json, meta: Json): Json {
  const { _meta, ...callParams } = params;
  const kept = Object.entries(meta).filter(([key]) => !ENVELOPE.test(key));
  return _meta === undefined || kept.length === 0 ? callParams : { ...callParams, _meta: Object.fromEntries(kept) };
}

/** The responses that have the revision's form; others count as missing. */
function validResponses(responses: unknown): Json {
  if (!isObject(responses)) return {};
  return Object.fromEntries(
    Object.entries(responses).filter(([, entry]) => isObject(entry) && !("method" in entry) && !("result" in entry)),
  );
}

/** The other members of a list's result in this revision, as JSON without braces. */
function listTail(registry: Registry): string {
  const tail = { ...CACHE["tools/list"], resultType: "complete", _meta: { [SERVER_INFO_KEY]: registry.serverInfo } };
  return JSON.stringify(tail).slice(1, -1);
}
