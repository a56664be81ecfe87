/** What a failed request means: why it failed, and whether the request can have reached anybody. */

/** The answer came and is not read: trying again would bring the same. */
const TOO_LARGE = "ANSWER_TOO_LARGE";
/** Failures before a connection stood: the request was certainly not processed. */
const NOT_CONNECTED = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);
/** The host's certificate was refused: nothing was sent either, and trying again changes nothing. */
const NOT_TRUSTED = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "CERT_HAS_EXPIRED",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "PRIVATE_ADDRESS",
]);

const UNKNOWN_AUTHORITY = "its certificate is signed by an unknown authority (NODE_EXTRA_CA_CERTS can name it)";
const REASONS: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "the connection was refused"],
  ["ENOTFOUND", "its host name is unknown"],
  ["EAI_AGAIN", "its host name could not be looked up"],
  ["EHOSTUNREACH", "its host cannot be reached"],
  ["ENETUNREACH", "its network cannot be reached"],
  ["UND_ERR_CONNECT_TIMEOUT", "the connection was not accepted in time"],
  ["ECONNRESET", "the connection was reset"],
  ["EPIPE", "the connection was closed"],
  ["ETIMEDOUT", "the connection timed out"],
  ["UND_ERR_SOCKET", "the connection was closed before the answer was complete"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "its certificate is self-signed (NODE_EXTRA_CA_CERTS can name the authority)"],
  ["SELF_SIGNED_CERT_IN_CHAIN", UNKNOWN_AUTHORITY],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", UNKNOWN_AUTHORITY],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", UNKNOWN_AUTHORITY],
  ["CERT_HAS_EXPIRED", "its certificate has expired"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "its certificate is for another host"],
  [
    "PRIVATE_ADDRESS",
    "its name leads to a private or special address (PORTKEY_ALLOW_PRIVATE_BASE_URL=true allows that)",
  ],
]);

export interface NetworkFailure {
  readonly reason: string;
  /** The request never left: repeating it cannot do anything twice. */
  readonly notSent: boolean;
  /** Trying again cannot help. */
  readonly lasting: boolean;
  readonly code?: string;
}

/** Reads an error that fetch, or reading its answer, threw. */
export function readNetworkFailure(error: unknown): NetworkFailure {
  const code = codeOf(error);
  if (code === undefined) return { reason: "the connection failed", notSent: false, lasting: false };
  const reason =
    REASONS.get(code) ??
    (code.startsWith("HPE_") ? "what answered does not speak HTTP" : `the connection failed (${code})`);
  const refused = NOT_TRUSTED.has(code);
  return {
    reason,
    notSent: refused || NOT_CONNECTED.has(code),
    lasting: refused || code === TOO_LARGE,
    code,
  };
}

/** fetch wraps the socket's error in causes, and several addresses' errors in an AggregateError. */
function codeOf(error: unknown, depth = 0): string | undefined {
  if (typeof error !== "object" || error === null || depth > 5) return undefined;
  const { code, cause, errors, name } = error as { code?: unknown; cause?: unknown; errors?: unknown; name?: unknown };
  if (typeof code === "string") return code;
  // undici's parser puts its code into the message only.
  if (name === "HTTPParserError") return "HPE_INVALID";
  return codeOf(cause, depth + 1) ?? (Array.isArray(errors) ? codeOf(errors[0], depth + 1) : undefined);
}
