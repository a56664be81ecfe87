/**
 * Every metric of this server, beside those of the process: /metrics serves these rows, and docs/metrics.md is made of
 * them. One metric has one unit. Labels have few values, all of them ours: never a principal, an argument, an address.
 */
export interface MetricRow {
  readonly kind: "counter" | "gauge" | "histogram";
  /** With a full stop. */
  readonly help: string;
  readonly labels: readonly string[];
}

const row = <Kind extends MetricRow["kind"], const Labels extends readonly string[]>(
  kind: Kind,
  help: string,
  ...labels: Labels
) => ({ kind, help, labels });

export const METRICS = {
  mcp_build_info: row("gauge", "1, with the versions of this server and of Node.", "version", "node", "edition"),
  mcp_tool_calls_total: row("counter", "Tool calls by tool and outcome.", "tool", "outcome"),
  mcp_tool_call_duration_seconds: row("histogram", "Duration of tool calls by domain and risk.", "domain", "risk"),
  mcp_running_calls: row("gauge", "Tool calls that run now."),
  portkey_answers_total: row("counter", "Portkey's last answer to a call, by status.", "status"),
  portkey_request_duration_seconds: row(
    "histogram",
    "Time until Portkey's answer to a request began, each attempt by itself, by method and status: 2xx " +
      "and so on, or none.",
    "method",
    "status",
  ),
  mcp_http_requests_total: row("counter", "HTTP requests by route, method and status.", "route", "method", "status"),
  mcp_http_request_duration_seconds: row(
    "histogram",
    "Duration of HTTP requests to their answer's end, by route and method. GET /mcp is a stream, which stays open.",
    "route",
    "method",
  ),
  mcp_refusals_total: row(
    "counter",
    "HTTP requests that were not served, by reason; those too that could not even be read.",
    "reason",
  ),
  mcp_redis_up: row("gauge", "1 while Redis answers, 0 while it is away; absent where none is set."),
  mcp_redis_dropped_total: row("counter", "What was found in Redis that is not this server's.", "what"),
  mcp_sessions: row("gauge", "Open sessions of the legacy revisions that this instance knows."),
  mcp_streams: row(
    "gauge",
    "Streams of the legacy revisions: of requests that run, open to clients, standalone (GET), held " +
      "while Redis is away, and not written yet.",
    "of",
  ),
  mcp_streams_lost_total: row(
    "counter",
    "Streams that can no longer be resumed whole: dropped for room, or lost while Redis was away.",
    "why",
  ),
  mcp_stored_events: row("gauge", "Events kept in memory for clients that resume."),
  mcp_stored_bytes: row("gauge", "Bytes of events kept, in memory or by this instance in Redis."),
  mcp_held_characters: row("gauge", "Characters of events that wait for Redis."),
  mcp_events_dropped_total: row("counter", "Events dropped from memory for room."),
  mcp_lines_lost_total: row("counter", "Lines that could not be written, of the log and the audit.", "of"),
  mcp_reloads_total: row("counter", "Times that the settings' files were read again.", "outcome"),
  mcp_reload_failed: row(
    "gauge",
    "1 while the settings' files have mistakes, so that what was read before still holds.",
  ),
  mcp_unread_bytes: row("gauge", "Bytes that wait for clients to read them."),
  mcp_unread_closed_total: row("counter", "Connections closed since their clients did not read."),
} as const satisfies Readonly<Record<string, MetricRow>>;

export type MetricName = keyof typeof METRICS;

/** What the endpoint of the legacy revisions counts by itself: each number's metric, and its label's value. */
export const LEGACY_NUMBERS: Readonly<Record<string, readonly [MetricName, string?]>> = {
  sessions: ["mcp_sessions"],
  requests: ["mcp_streams", "requests"],
  streams: ["mcp_streams", "open"],
  standalone_streams: ["mcp_streams", "standalone"],
  held_streams: ["mcp_streams", "held"],
  unwritten_streams: ["mcp_streams", "unwritten"],
  dropped_streams: ["mcp_streams_lost_total", "dropped"],
  lost_streams: ["mcp_streams_lost_total", "lost"],
  stored_events: ["mcp_stored_events"],
  stored_bytes: ["mcp_stored_bytes"],
  held_characters: ["mcp_held_characters"],
  dropped_events: ["mcp_events_dropped_total"],
};
