/** Metrics whose numbers other parts of the server keep; they are read whenever the metrics are requested. */
import { Counter, Gauge, type Registry as Prometheus } from "prom-client";
import { describeMetric, type MetricDescription } from "./describe-metric.ts";
import { METRICS, type MetricName, type MetricRow } from "./metric-rows.ts";

/** A number, or numbers by the metric's one label. */
export type Numbers = number | Readonly<Record<string, number>>;

/** Undefined: there is no number now. */
export type ReadNumbers = () => Numbers | undefined | Promise<Numbers | undefined>;

type Labelled = readonly (readonly [labels: Record<string, string>, value: number])[];
type ReadLabelled = () => Promise<Labelled>;

export function collectNumbers(register: Prometheus, name: MetricName, read: ReadNumbers): void {
  const { kind, labels }: MetricRow = METRICS[name];
  const readLabelled = async () => labelNumbers(labels[0], (await read()) ?? {});
  const collect = kind === "counter" ? collectCounter : collectGauge;
  collect(describeMetric(name, register), readLabelled);
}

function labelNumbers(label: string | undefined, numbers: Numbers): Labelled {
  if (typeof numbers === "number") return [[{}, numbers]];
  return Object.entries(numbers).map(([value, count]) => [label === undefined ? {} : { [label]: value }, count]);
}

function collectCounter(description: MetricDescription, read: ReadLabelled): void {
  new Counter({
    ...description,
    async collect() {
      const numbers = await read();
      this.reset();
      for (const [labels, value] of numbers) this.inc(labels, value);
    },
  });
}

function collectGauge(description: MetricDescription, read: ReadLabelled): void {
  new Gauge({
    ...description,
    async collect() {
      const numbers = await read();
      this.reset();
      // prom-client starts a metric without labels at 0.
      if (numbers.length === 0) this.remove({});
      for (const [labels, value] of numbers) this.set(labels, value);
    },
  });
}
