/** Creates a Fastify app with what every listener of this server needs: timeouts, security headers, request checks. */
import type { SecureContextOptions } from "node:tls";
import Fastify, { type FastifyInstance, type FastifyServerOptions } from "fastify";
import type { HttpConfig } from "../config/http-config.ts";
import type { Log } from "../log/log.ts";
import { createRequestCheck } from "./limits/refuse-request.ts";
import { securityHeaders } from "./limits/security-headers.ts";
import type { Metrics } from "./observability/metrics.ts";
import { gatherBodies } from "./routes/gathered-body.ts";
import { answerError } from "./routes/answer-errors.ts";
import { createParserErrorHandler } from "./routes/parser-errors.ts";
import { prefixOption } from "./routes/path-prefix.ts";

/** How long a client may take, in milliseconds, so that slow ones do not hold connections. */
export interface Timeouts {
  readonly headersMs: number;
  readonly requestMs: number;
  /** How often Node checks connections for these timeouts. */
  readonly checkMs: number;
  readonly keepAliveMs: number;
}

/** Keep-alive is longer than the usual 60 s of load balancers, so that they close idle connections first. */
const TIMEOUTS: Timeouts = { headersMs: 10_000, requestMs: 30_000, checkMs: 2_000, keepAliveMs: 72_000 };

export interface BaseAppParts {
  readonly http: HttpConfig;
  readonly log: Log;
  readonly metrics: Pick<Metrics, "observeRefusal">;
  readonly timeouts?: Partial<Timeouts> | undefined;
}

export function createBaseApp(parts: BaseAppParts): FastifyInstance {
  const { http } = parts;
  const app = Fastify(serverOptions(parts));
  const check = createRequestCheck(http);
  const security = securityHeaders(http);
  app.addHook("onRequest", (request, reply, done) => {
    reply.headers(security);
    check(request);
    done();
  });
  gatherBodies(app);
  return app;
}

function serverOptions({ http, log, metrics, timeouts: changed }: BaseAppParts): FastifyServerOptions {
  const timeouts = { ...TIMEOUTS, ...changed };
  const node = { headersTimeout: timeouts.headersMs, connectionsCheckingInterval: timeouts.checkMs };
  const options: FastifyServerOptions & { http?: object; https?: object } = {
    logger: false,
    bodyLimit: http.maxRequestBytes,
    trustProxy: trustProxyOption(http.trustProxy),
    requestTimeout: timeouts.requestMs,
    keepAliveTimeout: timeouts.keepAliveMs,
    forceCloseConnections: true,
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true },
    ...prefixOption(http),
    exposeHeadRoutes: false,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply, log),
    clientErrorHandler: createParserErrorHandler({ log, metrics }),
    ...(http.tls === null
      ? { http: node }
      : {
          https: { ...node, ...secureOptions(http.tls) },
        }),
  };
  return options;
}

/** A key and its certificate as options of Node's TLS. */
export function secureOptions({ key, cert, ca }: NonNullable<HttpConfig["tls"]>): SecureContextOptions {
  return { key, cert, ...(ca !== null && { ca }) };
}

/**
 * Fastify's `trustProxy`. Fastify does not accept a number of hops any more, since it does not say who connects: a
 * setting with a number is the operator's decision.
 */
function trustProxyOption(
  proxies: HttpConfig["trustProxy"],
): false | string[] | ((address: string, hop: number) => boolean) {
  if (typeof proxies === "number") return (_address, hop) => hop < proxies;
  return proxies === false ? false : [...proxies];
}
