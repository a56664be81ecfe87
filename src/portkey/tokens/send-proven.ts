/** Sends a request with what proves its caller; once more, with a new token, where the first one is refused. */
import type { ChosenKey } from "../keys/take-key.ts";
import type { RetryResult } from "../transport/retry.ts";
import { accessOf, type Access } from "./access.ts";
import type { TokenService } from "./token-service.ts";

export interface ProvenResult {
  /** What the last request was sent with. */
  readonly access: Access;
  readonly result: RetryResult;
}

/** What is to be sent: `run` sends it with the headers that prove the caller. */
export interface ProvenRequest {
  readonly key: ChosenKey;
  readonly signal: AbortSignal;
  readonly run: (headers: Access["headers"]) => Promise<RetryResult>;
}

/** A token that is refused has done nothing, so the request may go out again. */
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
