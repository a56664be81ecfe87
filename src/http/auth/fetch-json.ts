/**
 * Fetches a JSON document of the issuer's: with a deadline, a size limit, and no redirects, since keys decide who may
 * call.
 */
const SIZE_LIMIT = 262_144;

/** Throws an Error that names the address and what was wrong with the answer. */
export async function fetchJson(url: string, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(url, {
    redirect: "error",
    signal,
    headers: { accept: "application/json, application/jwk-set+json" },
  }).catch((cause: unknown) => {
    throw new Error(`${url} did not answer (${reasonOf(cause)}).`, { cause });
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`${url} answered ${response.status}.`);
  }
  const text = await limitedText(response, url);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${url} did not answer with JSON.`, { cause });
  }
}

async function limitedText(response: Response, url: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > SIZE_LIMIT) throw new Error(`${url} answered with more than ${SIZE_LIMIT} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
