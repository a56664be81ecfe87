/**
 * What Prometheus may know: counts, times and states, as metric-rows.ts names them.
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry as Prometheus } from "prom-client";
import type { CallEvent } from "../../mcp/tools/call-event.ts";
import type { TimedRequest } from "../../portkey/transport/timed-send.ts";
import { METRICS, type MetricName, type MetricRow } from "./metric-rows.ts";
import { reasonOf, type RefusalReason } from "./refusal-reasons.ts";

/** One answered HTTP request. */
export interface ServedRequest {
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly milliseconds: number;
  /** Why it was refused, where that is known better than by its status. */
  readonly reason?: RefusalReason | undefined;
}

/** A number, or numbers by the metric's one label. */
export type Numbers = number | Readonly<Record<string, number>>;

export type ReadNumbers = () => Numbers | undefined | Promise<Numbers | undefined>;

export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
  /** One tool call that has ended. Never throws. */
  observeCall(event: CallEvent): void;
  /** Never throws. */
  observeRequest(request: ServedRequest): void;
  /** One request that was refused before it was one: no route, no method. Never throws. */
  observeRefusal(reason: RefusalReason): void;
  /** One attempt of a request to Portkey. Never throws. */
  observePortkey(request: TimedRequest): void;
  /** Sets a number that stays as it is, by all its labels. */
  set(name: MetricName, labels: Readonly<Record<string, string>>, value: number): void;
  /** Numbers that somebody else keeps, read when they are asked for; undefined: there is none now. */
  read(name: MetricName, read: ReadNumbers): void;
}

/** Seconds: Portkey's answers lie between some tens of milliseconds and the timeout of a long completion. */
const BUCKETS = [0.005, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

export function createMetrics(): Metrics {
  const register = new Prometheus();
  const registers = [register];
  collectDefaultMetrics({ register });
  const described = (name: MetricName) => ({ name, help: METRICS[name].help, labelNames: labelsOf(name), registers });
  const counter = (name: MetricName) => new Counter(described(name));
  const histogram = (name: MetricName) => new Histogram({ ...described(name), buckets: BUCKETS });
  const calls = counter("mcp_tool_calls_total");
  const callTimes = histogram("mcp_tool_call_duration_seconds");
  const answers = counter("portkey_answers_total");
  const portkeyTimes = histogram("portkey_request_duration_seconds");
  const requests = counter("mcp_http_requests_total");
  const requestTimes = histogram("mcp_http_request_duration_seconds");
  const refusals = counter("mcp_refusals_total");

  return {
    contentType: register.contentType,
    text: () => register.metrics(),
    observeCall({ tool, domain, risk, outcome, status, durationMs }) {
      quietly(() => calls.inc({ tool, outcome }));
      quietly(() => callTimes.observe({ domain, risk }, durationMs / 1000));
      if (status !== undefined) quietly(() => answers.inc({ status }));
    },
    observeRequest({ route, method, status, milliseconds, reason }) {
      quietly(() => requests.inc({ route, method, status }));
      quietly(() => requestTimes.observe({ route, method }, milliseconds / 1000));
      if (status >= 400) quietly(() => refusals.inc({ reason: reason ?? reasonOf(status) }));
    },
    observeRefusal(reason) {
      quietly(() => refusals.inc({ reason }));
    },
    observePortkey({ method, status, milliseconds }) {
      quietly(() => portkeyTimes.observe({ method, status: classOf(status) }, milliseconds / 1000));
    },
    set(name, labels, value) {
      new Gauge(described(name)).set(labels, value);
    },
    read(name, read) {
      const [label] = labelsOf(name);
      const labelled = async () => labelledNumbers(label, (await read()) ?? {});
      const { kind }: MetricRow = METRICS[name];
      if (kind === "counter") readCounter(described(name), labelled);
      else readGauge(described(name), labelled);
    },
  };
}

type Described = ConstructorParameters<typeof Gauge>[0];
type Labelled = readonly (readonly [labels: Record<string, string>, value: number])[];

function labelledNumbers(label: string | undefined, numbers: Numbers): Labelled {
  if (typeof numbers === "number") return [[{}, numbers]];
  return Object.entries(numbers).map(([value, count]) => [label === undefined ? {} : { [label]: value }, count]);
}

function readCounter(described: Described, read: () => Promise<Labelled>): void {
  new Counter({
    ...described,
    async collect() {
      const numbers = await read();
      this.reset();
      for (const [labels, value] of numbers) this.inc(labels, value);
    },
  });
}

function readGauge(described: Described, read: () => Promise<Labelled>): void {
  new Gauge({
    ...described,
    async collect() {
      const numbers = await read();
      this.reset();
      // A metric without labels would be 0 by itself.
      if (numbers.length === 0) this.remove({});
      for (const [labels, value] of numbers) this.set(labels, value);
    },
  });
}

function labelsOf(name: MetricName): string[] {
  return [...METRICS[name].labels];
}

/** `2xx`, `5xx`; `none` where there was no answer. */
function classOf(status: number | undefined): string {
  return status === undefined ? "none" : `${Math.floor(status / 100)}xx`;
}

/** A number that is not one must not fail what is counted. */
function quietly(count: () => void): void {
  try {
    count();
  } catch {
    // Metrics are the least of what a call is for.
  }
}
