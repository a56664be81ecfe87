/**
 * What Prometheus may know: counts, times and states. Labels are names of tools, domains, statuses and outcomes; never
 * a principal, an argument or an address.
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry as Prometheus } from "prom-client";
import type { CallEvent } from "../../mcp/tools/call-event.ts";

export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
  /** One tool call that has ended. Never throws. */
  observeCall(event: CallEvent): void;
  /** One answered HTTP request. Never throws. */
  observeRequest(route: string, method: string, status: number): void;
  /** Counts that somebody else keeps; by what `label` names. */
  counter(name: string, help: string, label: string, read: () => Readonly<Record<string, number>>): void;
  /** Numbers read when they are asked for. */
  gauge(name: string, help: string, read: () => Readonly<Record<string, number>>, label: string): void;
}

/** Seconds: Portkey's answers lie between some tens of milliseconds and the timeout of a long completion. */
const BUCKETS = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

export function createMetrics(): Metrics {
  const registers = [new Prometheus()];
  collectDefaultMetrics({ register: registers[0] as Prometheus });
  const calls = new Counter({
    name: "mcp_tool_calls_total",
    help: "Tool calls by tool and outcome.",
    labelNames: ["tool", "outcome"],
    registers,
  });
  const times = new Histogram({
    name: "mcp_tool_call_duration_seconds",
    help: "Duration of tool calls by domain and risk.",
    labelNames: ["domain", "risk"],
    buckets: BUCKETS,
    registers,
  });
  const answers = new Counter({
    name: "portkey_answers_total",
    help: "Portkey's last answer to a call, by status.",
    labelNames: ["status"],
    registers,
  });
  const requests = new Counter({
    name: "mcp_http_requests_total",
    help: "HTTP requests by route, method and status.",
    labelNames: ["route", "method", "status"],
    registers,
  });

  return {
    contentType: (registers[0] as Prometheus).contentType,
    text: () => (registers[0] as Prometheus).metrics(),
    observeCall({ tool, domain, risk, outcome, status, durationMs }) {
      quietly(() => calls.inc({ tool, outcome }));
      quietly(() => times.observe({ domain, risk }, durationMs / 1000));
      if (status !== undefined) quietly(() => answers.inc({ status }));
    },
    observeRequest(route, method, status) {
      quietly(() => requests.inc({ route, method, status }));
    },
    counter(name, help, label, read) {
      new Counter({
        name,
        help,
        labelNames: [label],
        registers,
        collect() {
          this.reset();
          for (const [value, count] of Object.entries(read())) this.inc({ [label]: value }, count);
        },
      });
    },
    gauge(name, help, read, label) {
      new Gauge({
        name,
        help,
        labelNames: [label],
        registers,
        collect() {
          for (const [value, count] of Object.entries(read())) this.set({ [label]: value }, count);
        },
      });
    },
  };
}

/** A number that is not one must not fail what is counted. */
function quietly(count: () => void): void {
  try {
    count();
  } catch {
    // Metrics are the least of what a call is for.
  }
}
