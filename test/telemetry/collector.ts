/**
 * A collector behind a real socket: takes OTLP over HTTP as protobuf, read by OpenTelemetry's own definitions, or as
 * JSON, and keeps what came.
 */
import definitions from "otlp-definitions/build/src/generated/root.js";
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { afterEach } from "vitest";
import { gunzipSync } from "node:zlib";
import { listen } from "../listen.ts";

type Json = Record<string, unknown>;

export interface Span {
  readonly name: string;
  readonly kind: "server" | "client" | "other";
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly failed: boolean;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
}

export interface Metric {
  readonly name: string;
  readonly unit: string;
  readonly points: readonly { readonly count: number; readonly attributes: Readonly<Record<string, unknown>> }[];
}

export interface LogRecord {
  readonly body: unknown;
  readonly severity: string;
  readonly traceId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Collector {
  readonly url: string;
  readonly requests: readonly Received[];
  readonly resources: readonly Readonly<Record<string, unknown>>[];
  readonly spans: readonly Span[];
  readonly metrics: readonly Metric[];
  readonly logs: readonly LogRecord[];
  /** Resolves when `found` finds something in what has come. */
  wait<Found>(found: (collector: Collector) => Found | undefined): Promise<Found>;
}

/** What has come so far. */
interface Kept {
  readonly requests: Received[];
  readonly resources: Json[];
  readonly spans: Span[];
  readonly metrics: Metric[];
  readonly logs: LogRecord[];
}

interface Definition {
  decode(bytes: Uint8Array): unknown;
  toObject(message: unknown, options: Json): Json;
}

interface Definitions {
  readonly opentelemetry: { readonly proto: { readonly collector: Collectors } };
}

interface Collectors {
  readonly trace: { readonly v1: { readonly ExportTraceServiceRequest: Definition } };
  readonly metrics: { readonly v1: { readonly ExportMetricsServiceRequest: Definition } };
  readonly logs: { readonly v1: { readonly ExportLogsServiceRequest: Definition } };
}

const DECODERS = (() => {
  // Its types say only that it is a root.
  const { collector } = (definitions as unknown as Definitions).opentelemetry.proto;
  return {
    "/v1/traces": collector.trace.v1.ExportTraceServiceRequest,
    "/v1/metrics": collector.metrics.v1.ExportMetricsServiceRequest,
    "/v1/logs": collector.logs.v1.ExportLogsServiceRequest,
  } as Record<string, Definition>;
})();

/** Starts collectors, each ended after its test. `answer` may answer otherwise than with 200. */
export function useCollector() {
  const ends: (() => void)[] = [];
  afterEach(() => {
    for (const end of ends.splice(0)) end();
  });
  return async (answer: (response: ServerResponse) => void = accept): Promise<Collector> => {
    const kept: Kept = { requests: [], resources: [], spans: [], metrics: [], logs: [] };
    let wake = () => {};
    const server = createReceiver(kept, (response) => {
      answer(response);
      wake();
    });
    ends.push(() => {
      server.closeAllConnections();
      server.close();
    });
    const { origin: url } = await listen(server);
    const collector: Collector = {
      ...kept,
      url,
      async wait(found) {
        for (;;) {
          const result = found(collector);
          if (result !== undefined) return result;
          await new Promise<void>((resolve) => (wake = resolve));
        }
      },
    };
    return collector;
  };
}

/** A server that adds to `kept` what each request brings, then leaves the answer to `answer`. */
function createReceiver(kept: Kept, answer: (response: ServerResponse) => void): Server {
  return createServer(async (request, response) => {
    const sent = await buffer(request);
    const bytes = request.headers["content-encoding"] === "gzip" ? gunzipSync(sent) : sent;
    const path = request.url ?? "";
    kept.requests.push({ path, headers: request.headers, text: bytes.toString("utf8") });
    keep(kept, readBody(path, request.headers["content-type"] ?? "", bytes));
    answer(response);
  });
}

function accept(response: ServerResponse): void {
  response.setHeader("content-type", "application/json").end("{}");
}

function readBody(path: string, type: string, bytes: Buffer): Json {
  if (type === "application/json") return JSON.parse(bytes.toString()) as Json;
  const definition = DECODERS[path];
  if (type !== "application/x-protobuf" || definition === undefined) throw new Error(`${path} of type ${type}`);
  return definition.toObject(definition.decode(bytes), { longs: String, enums: Number, bytes: Array });
}

function keep(kept: Kept, body: Json): void {
  const groups = [...list(body["resourceSpans"]), ...list(body["resourceMetrics"]), ...list(body["resourceLogs"])];
  for (const group of groups) {
    kept.resources.push(attributesOf(group["resource"] as Json));
    for (const scope of [...list(group["scopeSpans"]), ...list(group["scopeMetrics"]), ...list(group["scopeLogs"])]) {
      kept.spans.push(...list(scope["spans"]).map(spanOf));
      kept.metrics.push(...list(scope["metrics"]).map(metricOf));
      kept.logs.push(...list(scope["logRecords"]).map(logOf));
    }
  }
}

const KINDS: ReadonlyMap<unknown, Span["kind"]> = new Map([
  [2, "server"],
  [3, "client"],
]);

function spanOf(span: Json): Span {
  return {
    name: span["name"] as string,
    kind: KINDS.get(span["kind"]) ?? "other",
    traceId: idOf(span["traceId"]),
    spanId: idOf(span["spanId"]),
    parentSpanId: idOf(span["parentSpanId"]),
    failed: (span["status"] as Json | undefined)?.["code"] === 2,
    attributes: attributesOf(span),
    links: list(span["links"]).map((link) => ({ traceId: idOf(link["traceId"]), spanId: idOf(link["spanId"]) })),
  };
}

function metricOf(metric: Json): Metric {
  const points = list((metric["histogram"] as Json | undefined)?.["dataPoints"]);
  return {
    name: metric["name"] as string,
    unit: metric["unit"] as string,
    points: points.map((point) => ({ count: Number(point["count"]), attributes: attributesOf(point) })),
  };
}

function logOf(record: Json): LogRecord {
  return {
    body: valueOf(record["body"]),
    severity: record["severityText"] as string,
    traceId: idOf(record["traceId"]),
    attributes: attributesOf(record),
  };
}

function attributesOf(holder: Json | undefined): Json {
  return Object.fromEntries(list(holder?.["attributes"]).map(({ key, value }) => [key, valueOf(value)]));
}

function valueOf(value: unknown): unknown {
  const [kind, inner] = Object.entries((value ?? {}) as Json)[0] ?? [];
  if (kind === "intValue") return Number(inner);
  if (kind === "kvlistValue")
    return Object.fromEntries(list((inner as Json)["values"]).map((entry) => [entry["key"], valueOf(entry["value"])]));
  if (kind === "arrayValue") return list((inner as Json)["values"]).map(valueOf);
  return inner;
}

/** JSON has hexadecimal digits, protobuf bytes. */
function idOf(id: unknown): string {
  if (typeof id === "string") return id;
  return id === undefined ? "" : Buffer.from(id as number[]).toString("hex");
}

function list(value: unknown): Json[] {
  return (value ?? []) as Json[];
}
