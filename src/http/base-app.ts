/** What every listener of this server begins with: its limits on clients, its headers, and who may ask it at all. */
import type { SecureContextOptions } from "node:tls";
import Fastify, { type FastifyInstance, type FastifyServerOptions } from "fastify";
import type { HttpConfig } from "../config/http-config.ts";
import type { Log } from "../log/log.ts";
import { createRequestCheck } from "./limits/refuse-request.ts";
import { securityHeaders } from "./limits/security-headers.ts";
import { answerError, answerParserError } from "./routes/answer-errors.ts";
import { takePrefixOff } from "./routes/path-prefix.ts";

/** How long a client may take, in milliseconds. Slow ones hold a connection, and there are only so many. */
export interface Timeouts {
  readonly headersMs: number;
  readonly requestMs: number;
  /** How often connections are looked at. */
  readonly checkMs: number;
  readonly keepAliveMs: number;
}

/** Keep-alive outlasts the 60 s of common balancers, so that they, not this server, end idle connections. */
const TIMEOUTS: Timeouts = { headersMs: 10_000, requestMs: 30_000, checkMs: 2_000, keepAliveMs: 72_000 };

export function createBaseApp(http: HttpConfig, log: Log, timeouts: Partial<Timeouts> = {}): FastifyInstance {
  const app = Fastify(serverOptions(http, log, { ...TIMEOUTS, ...timeouts }));
  const check = createRequestCheck(http);
  const security = securityHeaders(http);
  app.addHook("onRequest", (request, reply, done) => {
    reply.headers(security);
    check(request);
    done();
  });
  return app;
}

function serverOptions(http: HttpConfig, log: Log, timeouts: Timeouts): FastifyServerOptions {
  const node = { headersTimeout: timeouts.headersMs, connectionsCheckingInterval: timeouts.checkMs };
  const options: FastifyServerOptions & { http?: object; https?: object } = {
    logger: false,
    bodyLimit: http.maxRequestBytes,
    trustProxy: trusted(http.trustProxy),
    requestTimeout: timeouts.requestMs,
    keepAliveTimeout: timeouts.keepAliveMs,
    forceCloseConnections: true,
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true },
    ...takePrefixOff(http),
    exposeHeadRoutes: false,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply, log),
    clientErrorHandler: answerParserError,
    ...(http.tls === null
      ? { http: node }
      : {
          https: { ...node, ...secureOptions(http.tls) },
        }),
  };
  return options;
}

/** A key and its certificate as Node takes them. */
export function secureOptions({ key, cert, ca }: NonNullable<HttpConfig["tls"]>): SecureContextOptions {
  return { key, cert, ...(ca !== null && { ca }) };
}

/**
 * Fastify takes no number of hops any more, since a number cannot tell who connects; whoever sets one vouches for that.
 */
function trusted(proxies: HttpConfig["trustProxy"]): false | string[] | ((address: string, hop: number) => boolean) {
  if (typeof proxies === "number") return (_address, hop) => hop < proxies;
  return proxies === false ? false : [...proxies];
}
