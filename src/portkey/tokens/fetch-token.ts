/**
 * Fetches a token for a service account by OAuth's client credentials grant (RFC 6749, 4.4), with HTTP Basic and the
 * tenant as scope. No message contains the secret or a token.
 */
import { isObject } from "../../catalog/json.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { wordOrQuoted } from "../../errors/foreign-text.ts";
import { maskQuotation } from "../../log/mask.ts";
import type { ServiceAccount } from "../port.ts";
import { ApiRequest } from "../request/api-request.ts";
import { attempt, type Outcome } from "../transport/attempt.ts";
import type { CancelSignal } from "../transport/cancellation.ts";
import { readNetworkFailure } from "../transport/network.ts";
import type { SendRequest } from "../transport/pooled-fetch.ts";
import { withRetries, type Clock } from "../transport/retry.ts";
import type { Token } from "./token-service.ts";

export interface TokenRequest {
  /** The token endpoint. */
  readonly url: string;
  /** The setting with that address. */
  readonly setting: string;
  readonly fetch: SendRequest;
  readonly timeoutMs: number;
  readonly maxRetries: number;
  readonly clock: Clock;
  readonly userAgent: string;
}

/** A token's lifetime where the answer lacks `expires_in`. */
const USUAL_SECONDS = 900;
const LONGEST_SECONDS = 86_400;

/** Throws a PortkeyMcpError: PORTKEY where the account is refused, UNREACHABLE without a usable answer. */
export async function fetchToken(request: TokenRequest, account: ServiceAccount): Promise<Token> {
  const { url, setting, timeoutMs, maxRetries, clock } = request;
  const { signal } = new AbortController();
  const { outcome, attempts } = await withRetries(
    () => attempt((own) => ask(request, account, own), signal, timeoutMs),
    {
      idempotent: true,
      maxRetries,
      clock,
      signal,
    },
  );
  const host = new URL(url).host;
  if (outcome.kind !== "answered")
    throw new PortkeyMcpError(
      "UNREACHABLE",
      `Nothing was sent, because the token service at ${host} gave no usable answer: ` +
        `${reasonOf(outcome, timeoutMs)}. ` +
        `Check ${setting} and the network, then try again.`,
      { attempts, notSent: true },
    );
  const { response, text } = outcome;
  const answer = valueOf(text);
  if (!response.ok) throw refused(account, host, response.status, answer["error"]);
  const { access_token: value, expires_in: seconds } = answer;
  if (typeof value !== "string" || !/^[\x21-\x7e]+$/.test(value))
    throw new PortkeyMcpError(
      "UNREACHABLE",
      `Nothing was sent, because the token service at ${host} answered ${response.status} without a token. ` +
        `Check ${setting}.`,
      { status: response.status, notSent: true },
    );
  const life = typeof seconds === "number" && seconds > 0 ? Math.min(seconds, LONGEST_SECONDS) : USUAL_SECONDS;
  return { value, livesMs: life * 1000 };
}

async function ask({ url, fetch, userAgent }: TokenRequest, account: ServiceAccount, signal: CancelSignal) {
  const { clientId, clientSecret, tenant } = account;
  const basic = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString("base64");
  const response = await fetch(
    new ApiRequest(url, {
      method: "POST",
      headers: {
        authorization: `Basic ${basic}`,
        "content-type": "application/x-www-form-urlencoded",
        accept: "application/json",
        "user-agent": userAgent,
      },
      body: new URLSearchParams({ grant_type: "client_credentials", scope: `tsg_id:${tenant}` }).toString(),
      signal,
    }),
  );
  return { response, text: await response.text() };
}

function valueOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function refused(account: ServiceAccount, host: string, status: number, error: unknown): PortkeyMcpError {
  const { clientId, clientSecret } = account;
  const word =
    typeof error === "string"
      ? ` ${wordOrQuoted(maskQuotation(error.slice(0, 200), [clientId, clientSecret]), 60)}`
      : "";
  return new PortkeyMcpError(
    "PORTKEY",
    `Nothing was sent, because the token service at ${host} answered ${status}${word} ` +
      `for the tenant ${account.tenant}. ` +
      "Check the client id, the client secret and the tenant id, and that the service account has a role: " +
      "without one no token is issued.",
    { status, notSent: true },
  );
}

function reasonOf(outcome: Exclude<Outcome, { kind: "answered" }>, timeoutMs: number): string {
  if (outcome.kind === "broken") return readNetworkFailure(outcome.error).reason;
  return outcome.kind === "timeout" ? `none came within ${timeoutMs} ms (PORTKEY_TIMEOUT_MS)` : "it was cancelled";
}
