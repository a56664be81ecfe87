/** The route /metrics. */
import type { FastifyInstance } from "fastify";
import type { MetricsAccess } from "./metrics-access.ts";
import type { Metrics } from "./metrics.ts";

export interface ServeMetricsParts {
  readonly metrics: Metrics;
  readonly access: Pick<MetricsAccess, "check">;
}

export function serveMetrics(app: FastifyInstance, { metrics, access }: ServeMetricsParts): void {
  app.get("/metrics", async (request, reply) => {
    await access.check(request);
    reply.header("cache-control", "no-store").type(metrics.contentType);
    return metrics.text();
  });
}
