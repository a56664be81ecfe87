/** Sends a request with authentication; again with a new token where the first token is refused. */
import type { ChosenKey } from "../keys/take-key.ts";
import type { RetryResult } from "../transport/retry.ts";
import { accessOf, type Access } from "./access.ts";
import type { TokenService } from "./token-service.ts";

export interface ProvenResult {
  /** The access of the last request. */
  readonly access: Access;
  readonly result: RetryResult;
}

/** The request to send; `run` sends it with the headers of an access. */
export interface ProvenRequest {
  readonly key: ChosenKey;
  readonly signal: AbortSignal;
  readonly run: (headers: Access["headers"]) => Promise<RetryResult>;
}

/** A request refused with 401 was not processed, so any request may be repeated. */
export async function sendProven(tokens: TokenService, { key, signal, run }: ProvenRequest): Promise<ProvenResult> {
  const access = await accessOf(key, tokens, signal);
  const result = await run(access.headers);
  if (!isRefused(result) || access.renew === undefined) return { access, result };
  const renewed = await access.renew();
  return { access: renewed, result: await run(renewed.headers) };
}

function isRefused({ outcome }: RetryResult): boolean {
  return outcome.kind === "answered" && outcome.response.status === 401;
}
