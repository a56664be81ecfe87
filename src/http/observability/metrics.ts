/** The metrics for Prometheus; metric-rows.ts defines them. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry as Prometheus } from "prom-client";
import type { CallEvent } from "../../mcp/tools/call-event.ts";
import type { TimedRequest } from "../../portkey/transport/timed-send.ts";
import { collectNumbers, type ReadNumbers } from "./collect-numbers.ts";
import { describeMetric } from "./describe-metric.ts";
import type { MetricName } from "./metric-rows.ts";
import { reasonOf, type RefusalReason } from "./refusal-reasons.ts";

/** One answered HTTP request. */
export interface ServedRequest {
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly milliseconds: number;
  /** Why it was refused, where the status alone does not tell it. */
  readonly reason?: RefusalReason | undefined;
}

export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
  /** One tool call that has ended. Never throws. */
  observeCall(event: CallEvent): void;
  /** Never throws. */
  observeRequest(request: ServedRequest): void;
  /** One request that was refused before it was parsed, and has no route or method. Never throws. */
  observeRefusal(reason: RefusalReason): void;
  /** One attempt of a request to Portkey. Never throws. */
  observePortkey(request: TimedRequest): void;
  /** Sets a number that does not change. */
  set(name: MetricName, labels: Readonly<Record<string, string>>, value: number): void;
  /** Adds a metric whose numbers are read whenever the metrics are requested. */
  read(name: MetricName, read: ReadNumbers): void;
}

/** Seconds: Portkey answers within some tens of milliseconds, up to the timeout of a long completion. */
const BUCKETS = [0.005, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

export function createMetrics(): Metrics {
  const register = new Prometheus();
  collectDefaultMetrics({ register });
  return {
    contentType: register.contentType,
    text: () => register.metrics(),
    ...createObservers(register),
    set: (name, labels, value) => new Gauge(describeMetric(name, register)).set(labels, value),
    read: (name, read) => collectNumbers(register, name, read),
  };
}

type Observers = Pick<Metrics, Extract<keyof Metrics, `observe${string}`>>;

function createObservers(register: Prometheus): Observers {
  const counter = (name: MetricName) => new Counter(describeMetric(name, register));
  const histogram = (name: MetricName) => new Histogram({ ...describeMetric(name, register), buckets: BUCKETS });
  const calls = counter("mcp_tool_calls_total");
  const callTimes = histogram("mcp_tool_call_duration_seconds");
  const answers = counter("portkey_answers_total");
  const portkeyTimes = histogram("portkey_request_duration_seconds");
  const requests = counter("mcp_http_requests_total");
  const requestTimes = histogram("mcp_http_request_duration_seconds");
  const refusals = counter("mcp_refusals_total");

  return {
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
  };
}

/** `2xx`, `5xx`; `none` where there was no answer. */
function classOf(status: number | undefined): string {
  return status === undefined ? "none" : `${Math.floor(status / 100)}xx`;
}

/** Ignores errors of prom-client, as for a value that is no number: a metric must not make a call fail. */
function quietly(count: () => void): void {
  try {
    count();
  } catch {
    // The metric lacks one value.
  }
}
