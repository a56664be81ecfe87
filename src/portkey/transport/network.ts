/** Interprets a failed request: the reason, and whether the request may have been processed. */
import { PRIVATE_ADDRESS } from "../../addresses/guarded-lookup.ts";
import { networkCode, networkReason } from "../../addresses/network-reasons.ts";
import { ProxyFault } from "../../addresses/proxy-fault.ts";

/** The answer is over its bound: another attempt would get the same. */
const TOO_LARGE = "ANSWER_TOO_LARGE";
/** Failures before a connection was established: the request was certainly not processed. */
const NOT_CONNECTED = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);
/** The host's certificate or address was refused: nothing was sent, and another attempt would fail too. */
const NOT_TRUSTED = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "CERT_HAS_EXPIRED",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  PRIVATE_ADDRESS,
]);

const LEADS_INSIDE = "its name leads to a private or special address (PORTKEY_ALLOW_PRIVATE_BASE_URL=true allows that)";

export interface NetworkFailure {
  readonly reason: string;
  /** The request was not sent, so repeating it cannot have an effect twice. */
  readonly notSent: boolean;
  /** Another attempt would fail too. */
  readonly lasting: boolean;
  readonly code?: string;
  /** What to check, where the usual advice (the address and the network) does not apply. */
  readonly todo?: string;
}

/** Interprets an error thrown by fetch or by reading its answer. */
export function readNetworkFailure(error: unknown): NetworkFailure {
  if (error instanceof ProxyFault) {
    const { message, lasting, code, todo } = error;
    return { reason: message, notSent: true, lasting, code, todo };
  }
  const code = networkCode(error);
  if (code === undefined) return { reason: "the connection failed", notSent: false, lasting: false };
  const refused = NOT_TRUSTED.has(code);
  return {
    reason: code === PRIVATE_ADDRESS ? LEADS_INSIDE : networkReason(code),
    notSent: refused || NOT_CONNECTED.has(code),
    lasting: refused || code === TOO_LARGE,
    code,
  };
}
