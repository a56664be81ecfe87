/**
 * The refusal of a request before it reaches MCP: status, headers and message.
 * Fastify's error handling reads `statusCode` and `headers`; the body is a JSON-RPC error.
 */
import { RPC } from "../../mcp/rpc-error.ts";
import type { RefusalReason } from "../observability/refusal-reasons.ts";

/** `reason`: for the metrics, where the status alone does not tell it. */
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

  /** The JSON-RPC error to answer with; `id` is the request's, where it is known. */
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
  /** The address of the resource's metadata; absent where there is no authorization server. */
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

/** The value of `WWW-Authenticate` (RFC 6750, section 3; RFC 9728, section 5.1). */
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
