/**
 * A client for one composite's call: each of its answers has a bound, and so have all of them together, since it may
 * read thousands and keep what they hold until it has the last.
 */
import { BOUNDS, bytesInWords } from "../../errors/bounds.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import type { Answer, Portkey } from "../../portkey/port.ts";

/** The same client. A read that comes after too much throws PORTKEY; what writes is always sent, and its answer kept. */
export function boundedReads(portkey: Portkey): Portkey {
  let characters = 0;
  const open = portkey.open?.bind(portkey);
  return {
    async send(record, args, context) {
      if (record.risk === "read" && characters > BOUNDS.compositeAnswers) throw tooMuchRead(record.name);
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

function tooMuchRead(tool: string): PortkeyMcpError {
  return new PortkeyMcpError(
    "PORTKEY",
    `${tool} was not called: what this call has read is more than ${bytesInWords(BOUNDS.compositeAnswers)}, the most ` +
      "that one call reads. Ask about less at once.",
    { tool },
  );
}
