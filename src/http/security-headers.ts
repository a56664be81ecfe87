/** The security headers of every answer. They follow from the configuration alone: helmet is asked for them once, not per request. */
import helmet from "@fastify/helmet";
import Fastify from "fastify";
import type { HttpConfig } from "../config/http-config.ts";

export async function securityHeaders(http: HttpConfig): Promise<Readonly<Record<string, string>>> {
  const asked = Fastify({ logger: false });
  await asked.register(helmet, options(http));
  let headers = {};
  asked.get("/", (_request, reply) => {
    // On the raw response stands what helmet has set, and nothing else yet.
    headers = { ...reply.raw.getHeaders() };
    void reply.send();
  });
  await asked.inject("/");
  await asked.close();
  return headers;
}

/** No script, style or picture but the server's own files; no frame around the page; nothing sniffed or referred. */
function options(http: HttpConfig) {
  return {
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
    // A client in a browser reads answers across origins; CORS says which.
    crossOriginResourcePolicy: false,
    referrerPolicy: { policy: "no-referrer" as const },
    strictTransportSecurity:
      http.tls === null && http.publicBaseUrl?.startsWith("https:") !== true
        ? (false as const)
        : { maxAge: 31_536_000 },
  };
}
