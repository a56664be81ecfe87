/**
 * Fetches a JSON document from the issuer: its metadata or its keys, which decide who may call.
 * Hence a deadline, a size limit, redirects within the same host only, and private addresses only where allowed.
 */
import { guardedRequest } from "../../addresses/guarded-request.ts";
import { limitedText } from "../../addresses/limited-text.ts";

const SIZE_LIMIT = 262_144;
/** Redirects to follow, all within the same host: its owner controls all of it, and no other host. */
const REDIRECTS = 3;

/** Throws an Error that names the address and what was wrong with the answer. */
export async function fetchJson(url: string, signal: AbortSignal, allowPrivate: boolean): Promise<unknown> {
  const headers = { accept: "application/json, application/jwk-set+json" };
  const answer = await guardedRequest(url, { signal, headers, allowPrivate, redirects: REDIRECTS }).catch(
    (cause: unknown) => {
      throw new Error(`${url} did not answer (${reasonOf(cause)}).`, { cause });
    },
  );
  if (answer.status !== 200) {
    answer.body.destroy();
    throw new Error(`${url} answered ${answer.status}.`);
  }
  const text = await limitedText(answer, SIZE_LIMIT).catch((cause: unknown) => {
    throw new Error(`${url} answered with ${reasonOf(cause)}.`, { cause });
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${url} did not answer with JSON.`, { cause });
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
