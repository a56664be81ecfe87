/** /metrics on a port of its own, where nothing else is served. */
import type { FastifyError, FastifyInstance } from "fastify";
import type { HttpConfig } from "../../config/http-config.ts";
import type { Log } from "../../log/log.ts";
import { createBaseApp } from "../base-app.ts";
import { limitRates } from "../limits/limit-rate.ts";
import { answerError } from "../routes/answer-errors.ts";
import type { MetricsAccess } from "./metrics-access.ts";
import { serveMetrics } from "./serve-metrics.ts";
import type { Metrics } from "./metrics.ts";

export interface MetricsAppParts {
  readonly http: HttpConfig;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly access: MetricsAccess;
}

/** `host` is the address at which it will listen. */
export async function createMetricsApp(host: string, parts: MetricsAppParts): Promise<FastifyInstance> {
  const { log, metrics } = parts;
  const http = { ...parts.http, host };
  const app = createBaseApp({ http, log, metrics });
  app.setErrorHandler((error: FastifyError, request, reply) => answerError(error, request, reply, log));
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: "There is nothing here but /metrics." }));
  const limits = await limitRates(app, { ...http.rateLimit, store: "memory" });
  app.addHook("onRequest", (request, reply) => limits.address(request, reply));
  serveMetrics(app, parts);
  return app;
}
