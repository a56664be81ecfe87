/** Why a request was refused, as a label of metrics with few values. */

/** The reason by status, where the refusal has none of its own. */
const BY_STATUS: Readonly<Record<number, RefusalReason>> = {
  401: "token_missing",
  403: "forbidden",
  404: "not_found",
  405: "method",
  406: "media_type",
  408: "too_slow",
  413: "too_large",
  415: "media_type",
  429: "address_rate",
  431: "headers_too_large",
  500: "failed",
  503: "unavailable",
};

export type RefusalReason =
  | "bad_request"
  | "token_missing"
  | "token_invalid"
  /** The token's scopes do not reach. */
  | "scope"
  | "forbidden"
  | "host"
  | "origin"
  /** No rule of the policy file fits. */
  | "no_rule"
  | "not_found"
  | "method"
  | "media_type"
  /** It did not arrive in time. */
  | "too_slow"
  | "too_large"
  | "headers_too_large"
  /** Not HTTP, or not as the standard has it. */
  | "not_http"
  /** No TLS connection came about. */
  | "handshake"
  | "address_rate"
  | "principal_rate"
  /** The issuer's keys cannot be had. */
  | "issuer_away"
  | "unavailable"
  | "failed";

export function reasonOf(status: number): RefusalReason {
  return BY_STATUS[status] ?? (status >= 500 ? "failed" : "bad_request");
}

const noted = new WeakMap<object, RefusalReason>();

/** Remembers why a request is refused, for the metrics. */
export function noteReason(request: object, reason: RefusalReason): void {
  noted.set(request, reason);
}

/** The remembered reason; undefined where there is none. */
export function notedReason(request: object): RefusalReason | undefined {
  return noted.get(request);
}
