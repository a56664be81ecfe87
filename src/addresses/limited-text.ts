/** Reads an answer's body as text, up to a limit. */
import type { GuardedAnswer } from "./guarded-request.ts";

/** Throws an Error where there is more; what is left is not read. */
export async function limitedText({ body }: Pick<GuardedAnswer, "body">, limit: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > limit) throw new Error(`more than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
