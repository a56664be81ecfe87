/**
 * Limits what one composite's call may read in all. Each answer has a limit of its own, but a composite may read
 * thousands and keep them in memory until it has the last.
 */
import { BOUNDS, bytesInWords } from "../../errors/bounds.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import type { Answer, Portkey } from "../../portkey/port.ts";

/** The client with the limit. A read beyond it throws PORTKEY; writes are always sent. */
export function limitReads(portkey: Portkey): Portkey {
  let characters = 0;
  const open = portkey.open?.bind(portkey);
  return {
    async send(record, args, context) {
      if (record.risk === "read" && characters > BOUNDS.compositeAnswers) throw readTooMuch(record.name);
      const answer = await portkey.send(record, args, context);
      characters += lengthOf(answer);
      return answer;
    },
    plan: (record, args, context) => portkey.plan(record, args, context),
    ...(open && { open }),
  };
}

function lengthOf({ json, body }: Answer): number {
  return json?.length ?? (typeof body === "string" ? body.length : 0);
}

function readTooMuch(tool: string): PortkeyMcpError {
  return new PortkeyMcpError(
    "PORTKEY",
    `${tool} was not called: what this call has read is more than ${bytesInWords(BOUNDS.compositeAnswers)}, the most ` +
      "that one call reads. Ask about less at once.",
    { tool },
  );
}
