/**
 * Why a request is turned away before it reaches MCP: the status, the headers and the words.
 * Fastify's own error handling reads `statusCode` and `headers`; the body is a JSON-RPC error.
 */
import { RPC } from "../../mcp/rpc-error.ts";
import type { RefusalReason } from "../observability/refusal-reasons.ts";

/** `reason`: for the metrics, where the status does not say it. */
export type RefusalOptions = ErrorOptions & { readonly reason?: RefusalReason };

export class HttpRefusal extends Error {
  readonly reason: RefusalReason | undefined;

  constructor(
    readonly statusCode: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
    options?: RefusalOptions,
  ) {
    super(message, options);
    this.name = "HttpRefusal";
    this.reason = options?.reason;
  }

  /** The JSON-RPC error to send; `id` is the request's, where it is known. */
  body(id: string | number | null = null): {
    jsonrpc: "2.0";
    error: { code: number; message: string };
    id: string | number | null;
  } {
    return { jsonrpc: "2.0", error: { code: RPC.server, message: this.message }, id };
  }
}

/** The `error` codes of RFC 6750, section 3.1. */
export type BearerError = "invalid_request" | "invalid_token" | "insufficient_scope";

export interface Challenge {
  readonly error?: BearerError;
  readonly description?: string;
  /** Absent where there is no authorization server to ask. */
  readonly resourceMetadata?: string | undefined;
  readonly scope?: readonly string[];
}

const STATUS: Readonly<Record<BearerError, number>> = {
  invalid_request: 400,
  invalid_token: 401,
  insufficient_scope: 403,
};

const REASON: Readonly<Record<BearerError, RefusalReason>> = {
  invalid_request: "bad_request",
  invalid_token: "token_invalid",
  insufficient_scope: "scope",
};

/** A refusal with its `WWW-Authenticate`; without `error` it is the 401 of a request that brought no token. */
export function bearerRefusal(message: string, challenge: Challenge, options?: ErrorOptions): HttpRefusal {
  const status = challenge.error === undefined ? 401 : STATUS[challenge.error];
  const reason = challenge.error === undefined ? "token_missing" : REASON[challenge.error];
  const headers = { "www-authenticate": challengeHeader(challenge) };
  return new HttpRefusal(status, message, headers, { ...options, reason });
}

/** RFC 6750, section 3, and RFC 9728, section 5.1. */
export function challengeHeader({ error, description, resourceMetadata, scope = [] }: Challenge): string {
  const parameters: readonly (readonly [string, string | undefined])[] = [
    ["error", error],
    ["error_description", description],
    ["resource_metadata", resourceMetadata],
    ["scope", scope.length === 0 ? undefined : scope.join(" ")],
  ];
  const quotedParameters = parameters.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}="${quotable(value)}"`],
  );
  return quotedParameters.length === 0 ? 'Bearer realm="portkey-admin-mcp"' : `Bearer ${quotedParameters.join(", ")}`;
}

/** RFC 6750 allows printable ASCII without quote and backslash in these values. */
function quotable(value: string): string {
  return value.replace(/[^\x20-\x7e]|["\\]/g, "'");
}
