/** The headers are written out in src; helmet, which knows the reasons for each, says here what they must be. */
import helmet from "@fastify/helmet";
import Fastify from "fastify";
import { expect, test } from "vitest";
import { securityHeaders } from "../../src/http/limits/security-headers.ts";

const OPTIONS = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  crossOriginResourcePolicy: false,
  referrerPolicy: { policy: "no-referrer" as const },
};

async function helmetHeaders(overHttps: boolean): Promise<Record<string, unknown>> {
  const app = Fastify();
  if (overHttps)
    await app.register(helmet, {
      ...OPTIONS,
      strictTransportSecurity: { maxAge: 31_536_000, includeSubDomains: false },
    });
  else await app.register(helmet, { ...OPTIONS, strictTransportSecurity: false });
  let headers = {};
  app.get("/", async (_request, reply) => {
    // The raw response has helmet's headers, and none of Fastify's yet.
    headers = { ...reply.raw.getHeaders() };
    return "";
  });
  await app.inject("/");
  await app.close();
  return headers;
}

const TLS = { cert: "", key: "", ca: null };
test.each([
  ["plain HTTP", { tls: null, publicBaseUrl: null }, false],
  ["a public URL with http", { tls: null, publicBaseUrl: "http://mcp.example.com" }, false],
  ["a public URL with https", { tls: null, publicBaseUrl: "https://mcp.example.com" }, true],
  ["TLS of its own", { tls: TLS, publicBaseUrl: null }, true],
])("%s: the headers are those of helmet", async (_title, http, overHttps) => {
  expect(securityHeaders(http)).toEqual(await helmetHeaders(overHttps));
});
