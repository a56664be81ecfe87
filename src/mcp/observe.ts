/**
 * Observation of clients' requests, for telemetry. An observer learns when each request begins and ends, and never its
 * arguments.
 */
import type { Json } from "../catalog/json.ts";
import type { RequestTrace, RequestWatch } from "../portkey/port.ts";
import { RpcError } from "./rpc-error.ts";

/** What a transport knows of a request besides its message. */
export interface WireFacts {
  readonly transport: "pipe" | "tcp";
  /** The headers `traceparent`, `tracestate` and `baggage`, as the client sent them. */
  readonly trace?: Readonly<Record<string, string>>;
  /** The id of the JSON-RPC request. */
  readonly id?: unknown;
  readonly revision?: string | undefined;
  /** The beginning of the session's id. */
  readonly session?: string | undefined;
  /** The version of HTTP. */
  readonly http?: string;
}

export interface ObservedRequest {
  readonly method: string;
  readonly id?: unknown;
  /** The request's `_meta`; a trace context in it takes precedence over that of `wire`. */
  readonly meta?: unknown;
  readonly revision?: string | undefined;
  readonly wire?: WireFacts | undefined;
  /** When it began, in milliseconds since 1970; default: now. */
  readonly startTime?: number;
}

/** How a request ended: with its result, or the code of its JSON-RPC error or its HTTP status. */
export type RequestEnd = { readonly result: unknown } | { readonly failed: number };

/** A running request, as an observer sees it. */
export interface RequestSpan extends RequestWatch {
  readonly trace: RequestTrace;
  /** Notes the called tool, by the name it is listed with; the last one counts. */
  tool(name: string): void;
  /** Notes the prompt that was returned. */
  prompt(name: string): void;
  end(outcome: RequestEnd): void;
}

/** Its methods must not throw. */
export interface Observer {
  begin(request: ObservedRequest): RequestSpan;
  /** Notes that a session has begun. Call the returned function when it has ended. */
  session(wire: WireFacts): () => void;
}

/** The part of a registry that observation needs. */
interface Observable {
  readonly observer?: Observer | undefined;
}

/** The methods that the SDKs answer by themselves. */
export const ANSWERED_BY_SDK: ReadonlySet<string> = new Set([
  "initialize",
  "ping",
  "logging/setLevel",
  "server/discover",
  "subscriptions/listen",
]);

/** Runs a request under the registry's observer, and adds `traceparent` to its result's `_meta`, except to a list's. */
export async function observe(
  { observer }: Observable,
  request: ObservedRequest,
  run: (span?: RequestSpan) => Promise<Json>,
): Promise<Json> {
  if (observer === undefined) return run();
  const span = observer.begin(request);
  try {
    const result = await run(span);
    span.end({ result });
    return request.method.endsWith("/list") ? result : withTrace(result, span.trace);
  } catch (error) {
    span.end({ failed: error instanceof RpcError ? error.code : -32_603 });
    throw error;
  }
}

/**
 * Observes a request that `run` answers synchronously, and returns its answer unchanged.
 * Where `run` returns undefined, other code answers the request, and nothing is observed here.
 */
export function observeSync<Answer>({ observer }: Observable, request: ObservedRequest, run: () => Answer): Answer {
  if (observer === undefined) return run();
  const startTime = Date.now();
  const answer = run();
  if (answer !== undefined) observer.begin({ ...request, startTime }).end({ result: undefined });
  return answer;
}

function withTrace(result: Json, { traceparent }: RequestTrace): Json {
  return { ...result, _meta: { ...(result["_meta"] as Json | undefined), traceparent } };
}
