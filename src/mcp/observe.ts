/**
 * Who watches the requests of clients: telemetry, where it is set up. It is told of each request's begin and end, and
 * never of arguments or answers.
 */
import type { Json } from "../catalog/json.ts";
import type { RequestTrace, RequestWatch } from "../portkey/port.ts";
import { RpcError } from "./rpc-error.ts";

/** What a transport knows of a request beside its message. */
export interface WireFacts {
  readonly transport: "pipe" | "tcp";
  /** As the client sent them: `traceparent`, `tracestate`, `baggage`. */
  readonly trace?: Readonly<Record<string, string>>;
  /** The id of its message. */
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
  /** The request's `_meta`: a trace in it goes before the one of the wire. */
  readonly meta?: unknown;
  readonly revision?: string | undefined;
  readonly wire?: WireFacts | undefined;
  /** When it began, in milliseconds since 1970; default: now. */
  readonly startTime?: number;
}

/** How a request ended: with its result, or the code of its JSON-RPC error or its HTTP status. */
export type RequestEnd = { readonly result: unknown } | { readonly failed: number };

/** A request that runs. */
export interface RequestSpan extends RequestWatch {
  readonly trace: RequestTrace;
  /** Told the tool that is called, by the name it is listed with; the last one counts. */
  tool(name: string): void;
  /** Told the prompt that was written. */
  prompt(name: string): void;
  end(how: RequestEnd): void;
}

/** Nothing of it throws. */
export interface Observer {
  begin(request: ObservedRequest): RequestSpan;
  /** A session has begun; the returned function says that it has ended. */
  session(wire: WireFacts): () => void;
}

/** A registry, as far as it is observed. */
interface Observed {
  readonly observer?: Observer | undefined;
}

/** The requests that both SDKs answer by themselves. */
export const ANSWERED_BY_SDK: ReadonlySet<string> = new Set([
  "initialize",
  "ping",
  "logging/setLevel",
  "server/discover",
  "subscriptions/listen",
]);

/** Runs a request under the registry's observer; its result says which trace it belongs to. */
export async function observe(
  { observer }: Observed,
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

/** The same for an answer that is there at once, and that stays as it is; undefined: somebody else answers. */
export function observeAtOnce<Answer>({ observer }: Observed, request: ObservedRequest, answer: () => Answer): Answer {
  if (observer === undefined) return answer();
  const startTime = Date.now();
  const answered = answer();
  if (answered !== undefined) observer.begin({ ...request, startTime }).end({ result: undefined });
  return answered;
}

function withTrace(result: Json, { traceparent }: RequestTrace): Json {
  return { ...result, _meta: { ...(result["_meta"] as Json | undefined), traceparent } };
}
