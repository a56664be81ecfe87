/**
 * Reads the bearer token of a request from the one place where it counts: a single `Authorization: Bearer` header (RFC
 * 6750, section 2.1). Cookies are never read.
 * A token in the query is refused rather than ignored: every log on the way would hold it.
 */
import { CREDENTIAL_HEADERS } from "../../config/editions.ts";
import type { FastifyRequest } from "fastify";
import type { BearerError } from "./refusal.ts";

/** Characters; longer tokens are refused unread. Tokens of issuers that list every group have about 7,000. */
export const TOKEN_LIMIT = 12_288;

const QUERY_NAMES = new Set([
  "access_token",
  "id_token",
  "token",
  "authorization",
  "bearer",
  "api_key",
  "apikey",
  ...CREDENTIAL_HEADERS,
  "portkey_api_key",
]);

const BEARER = /^bearer +([A-Za-z0-9\-._~+/]+=*) *$/i;

export type Presented =
  { readonly token: string } | { readonly token: null } | { readonly error: BearerError; readonly description: string };

export function presentedToken(request: FastifyRequest): Presented {
  const inQuery = secretInQuery(request);
  if (inQuery !== undefined) {
    return {
      error: "invalid_request",
      description: `Credentials in the query (${inQuery}) are not accepted. Send Authorization: Bearer.`,
    };
  }
  const values = headerValues(request, "authorization");
  const [value, ...others] = values;
  if (value === undefined) return { token: null };
  if (others.length > 0)
    return { error: "invalid_request", description: "The request has more than one Authorization header." };
  if (value.length > TOKEN_LIMIT)
    return { error: "invalid_token", description: `The token is longer than ${TOKEN_LIMIT} characters.` };
  const token = BEARER.exec(value)?.[1];
  if (token === undefined) {
    return /^bearer\b/i.test(value)
      ? { error: "invalid_token", description: "The Authorization header does not hold one bearer token." }
      : { token: null };
  }
  return { token };
}

/** Every value of a header. Node's own `headers` keeps only the first of two Authorization headers. */
export function headerValues(request: FastifyRequest, name: string): string[] {
  // Node's `headers` has every name, if not every value.
  if (request.headers[name] === undefined) return [];
  const raw = request.raw.rawHeaders;
  const values: string[] = [];
  for (let index = 0; index < raw.length; index += 2) {
    if (raw[index]?.toLowerCase() === name) values.push(String(raw[index + 1]).trim());
  }
  return values;
}

/** The name of a query parameter that holds a credential, if there is one. */
function secretInQuery(request: FastifyRequest): string | undefined {
  const query = request.query;
  if (typeof query !== "object" || query === null) return undefined;
  return Object.keys(query)
    .map((name) => name.toLowerCase())
    .find((name) => QUERY_NAMES.has(name));
}
