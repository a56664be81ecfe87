/** Explains the codes of network errors, in words that complete "… cannot be reached: ". */
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
]);

/** The words for a code; for one without words, the code itself. */
export function networkReason(code: string): string {
  if (code.startsWith("HPE_")) return "what answered does not speak HTTP";
  return REASONS.get(code) ?? `the connection failed (${code})`;
}

/** The code of an error, of what caused it, or of the first of several errors. */
export function networkCode(error: unknown, depth = 0): string | undefined {
  if (typeof error !== "object" || error === null || depth > 5) return undefined;
  const { code, cause, errors, name } = error as { code?: unknown; cause?: unknown; errors?: unknown; name?: unknown };
  if (typeof code === "string") return code;
  // undici's parser puts its code into the message only.
  if (name === "HTTPParserError") return "HPE_INVALID";
  return networkCode(cause, depth + 1) ?? (Array.isArray(errors) ? networkCode(errors[0], depth + 1) : undefined);
}
