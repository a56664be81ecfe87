/**
 * Binds a login to one browser, by a cookie. The authorization request, the consent and the return from the issuer must
 * come from the same browser: otherwise an attacker could make another person's browser do one of these steps.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";

const MAX_AGE_SECONDS = 1_200;
const VALUE = /^[\w-]{43}$/;

export interface Browsers {
  /** Sets the browser's cookie, keeping its value where it has one, and returns the value's digest. */
  identify(request: FastifyRequest, reply: FastifyReply): string;
  /** Whether a request comes from the browser of `digest`. */
  isSame(request: FastifyRequest, digest: string): boolean;
}

/** `secure`: the server is reached over https. The cookie then is for https only, and no other host can set it. */
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
    identify(request, reply) {
      const value = valueOf(request) ?? randomBytes(32).toString("base64url");
      const parts = [`${name}=${value}`, "Path=/", "HttpOnly", "SameSite=Lax", `Max-Age=${MAX_AGE_SECONDS}`];
      reply.header("set-cookie", [...parts, ...(secure ? ["Secure"] : [])].join("; "));
      return digestOf(value);
    },
    isSame(request, digest) {
      const value = valueOf(request);
      if (value === undefined) return false;
      const presented = Buffer.from(digestOf(value));
      const expected = Buffer.from(digest);
      return presented.length === expected.length && timingSafeEqual(presented, expected);
    },
  };
}

function digestOf(value: string): string {
  return createHash("sha256").update(value).digest("base64url");
}
