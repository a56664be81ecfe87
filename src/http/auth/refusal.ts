/**
 * Why a request is turned away before it reaches MCP: the status, the headers and the words.
 * Fastify's own error handling reads `statusCode` and `headers`; the body is a JSON-RPC error.
 */
import { RPC } from "../../mcp/rpc-error.ts";

export class HttpRefusal extends Error {
  constructor(
    readonly statusCode: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "HttpRefusal";
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

/** A refusal with its `WWW-Authenticate`; without `error` it is the 401 of a request that brought no token. */
export function bearerRefusal(message: string, challenge: Challenge, options?: ErrorOptions): HttpRefusal {
  const status = challenge.error === undefined ? 401 : STATUS[challenge.error];
  return new HttpRefusal(status, message, { "www-authenticate": challengeHeader(challenge) }, options);
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
