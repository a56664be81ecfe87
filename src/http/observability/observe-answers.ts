/** Counts every answered request in the metrics, and logs it at level debug. */
import type { FastifyInstance } from "fastify";
import type { Log } from "../../log/log.ts";
import type { Metrics } from "./metrics.ts";
import { notedReason } from "./refusal-reasons.ts";

export function observeAnswers(app: FastifyInstance, metrics: Pick<Metrics, "observeRequest">, log: Log): void {
  app.addHook("onResponse", async (request, { statusCode: status, elapsedTime: milliseconds }) => {
    const { method, routeOptions } = request;
    const { url: route = "none" } = routeOptions;
    metrics.observeRequest({ route, method, status, milliseconds, reason: notedReason(request) });
    log.write("debug", "answered", { method, route, status, ms: Math.round(milliseconds) });
  });
}
