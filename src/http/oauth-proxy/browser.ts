/**
 * The browser that a login belongs to, known by a cookie: who asks, who agrees and who comes back from the issuer must
 * be one and the same, or somebody could have another person's browser agree or come back.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";

const SECONDS = 1_200;
const VALUE = /^[\w-]{43}$/;

export interface Browsers {
  /** The digest of the browser's cookie, which it is given where it has none. */
  mark(request: FastifyRequest, reply: FastifyReply): string;
  /** Whether a request comes from the browser of `digest`. */
  isSame(request: FastifyRequest, digest: string): boolean;
}

/** `secure`: reached over https, so that the cookie is sent over nothing else and no other host can set it. */
export function createBrowsers(secure: boolean): Browsers {
  const name = secure ? "__Host-mcp-login" : "mcp-login";
  const valueOf = (request: FastifyRequest) =>
    (request.headers.cookie ?? "")
      .split(";")
      .map((pair) => pair.trim())
      .filter((pair) => pair.startsWith(`${name}=`))
      .map((pair) => pair.slice(name.length + 1))
      .find((value) => VALUE.test(value));
  return {
    mark(request, reply) {
      const value = valueOf(request) ?? randomBytes(32).toString("base64url");
      const parts = [`${name}=${value}`, "Path=/", "HttpOnly", "SameSite=Lax", `Max-Age=${SECONDS}`];
      reply.header("set-cookie", [...parts, ...(secure ? ["Secure"] : [])].join("; "));
      return digestOf(value);
    },
    isSame(request, digest) {
      const value = valueOf(request);
      if (value === undefined) return false;
      const [given, wanted] = [Buffer.from(digestOf(value)), Buffer.from(digest)];
      return given.length === wanted.length && timingSafeEqual(given, wanted);
    },
  };
}

function digestOf(value: string): string {
  return createHash("sha256").update(value).digest("base64url");
}
