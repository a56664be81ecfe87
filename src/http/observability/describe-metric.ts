/** Describes a metric of metric-rows.ts for prom-client. */
import type { Registry as Prometheus } from "prom-client";
import { METRICS, type MetricName } from "./metric-rows.ts";

export interface MetricDescription {
  readonly name: MetricName;
  readonly help: string;
  readonly labelNames: string[];
  readonly registers: Prometheus[];
}

export function describeMetric(name: MetricName, register: Prometheus): MetricDescription {
  const { help, labels } = METRICS[name];
  return { name, help, labelNames: [...labels], registers: [register] };
}
