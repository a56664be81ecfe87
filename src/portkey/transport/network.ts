/** What a failed request means: why it failed, and whether the request can have reached anybody. */
import { PRIVATE_ADDRESS } from "../../addresses/guarded-lookup.ts";
import { networkCode, networkReason } from "../../addresses/network-reasons.ts";
import { ProxyFault } from "../../addresses/proxy-fault.ts";

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
  PRIVATE_ADDRESS,
]);

const LEADS_INSIDE = "its name leads to a private or special address (PORTKEY_ALLOW_PRIVATE_BASE_URL=true allows that)";

export interface NetworkFailure {
  readonly reason: string;
  /** The request never left: repeating it cannot do anything twice. */
  readonly notSent: boolean;
  /** Trying again cannot help. */
  readonly lasting: boolean;
  readonly code?: string;
  /** What to check, where it is neither Portkey's address nor the network. */
  readonly todo?: string;
}

/** Reads an error that fetch, or reading its answer, threw. */
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
