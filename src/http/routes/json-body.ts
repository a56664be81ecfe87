/** Parses request bodies, which must be JSON in UTF-8. Both eras get the parsed value unchanged. */
import type { FastifyInstance } from "fastify";
import { isUtf8 } from "node:buffer";
import { RPC } from "../../mcp/rpc-error.ts";

/** A body that is not JSON; the error handler answers it with -32700. */
export class ParseError extends Error {
  readonly statusCode = 400;
  readonly rpcCode = RPC.parse;
}

/** A body of an unsupported content type. */
export class MediaTypeError extends Error {
  readonly statusCode = 415;
}

/** Whether a content type is JSON in UTF-8 or ASCII. Other parameters than charset are ignored. */
function isJsonInUtf8(contentType: string): boolean {
  if (contentType === "application/json") return true;
  const [type = "", ...parameters] = contentType.split(";").map((part) => part.trim().toLowerCase());
  const charsets = parameters.map((part) => part.split("=", 2)).filter(([name]) => name?.trim() === "charset");
  return (
    type === "application/json" && charsets.every(([, value = ""]) => /^"?(utf-?8|us-ascii)"?$/.test(value.trim()))
  );
}

/** Some editors and proxies add it at the start. */
const BYTE_ORDER_MARK = "\ufeff";

export function readJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(/^application\/json\b/i, { parseAs: "buffer" }, (request, body: Buffer, done) => {
    // Some clients send their usual Content-Type with a DELETE, which has no body.
    if (body.length === 0 && request.method === "DELETE") return done(null);
    if (!isJsonInUtf8(request.headers["content-type"] ?? "")) {
      return done(new MediaTypeError("Content-Type must be application/json in UTF-8."));
    }
    if ((request.headers["content-encoding"] ?? "identity") !== "identity") {
      return done(new MediaTypeError("Compressed bodies are not read; send the JSON as it is."));
    }
    if (!isUtf8(body)) return done(new ParseError("The body is not UTF-8."));
    try {
      const text = body.toString("utf8");
      done(null, JSON.parse(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text));
    } catch {
      done(new ParseError("The body is not JSON."));
    }
  });
}
