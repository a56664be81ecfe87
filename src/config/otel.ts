/** The configuration of telemetry from OpenTelemetry's own variables: which signals are sent, and where. */
import { oneLine } from "../errors/foreign-text.ts";
import type { Source } from "./read-settings.ts";

export type Signal = "traces" | "metrics" | "logs";
export type OtlpProtocol = "http/protobuf" | "http/json";

/** How a signal is sent, and where. */
export interface Way {
  readonly protocol: OtlpProtocol;
  readonly endpoint: string;
}

export interface TelemetryConfig {
  /** An absent signal is not sent. */
  readonly signals: Readonly<Partial<Record<Signal, Way>>>;
  /** How the audit's lines are sent; independent of the log's. */
  readonly audit?: Way;
  readonly propagators: {
    readonly trace: boolean;
    readonly baggage: boolean;
    /** Baggage is sent to Portkey only where a setting names it. */
    readonly baggageToPortkey: boolean;
  };
  /** Milliseconds. */
  readonly metricInterval: number;
}

type Env = Source["env"];

const SIGNALS: readonly Signal[] = ["traces", "metrics", "logs"];
const LOCAL_COLLECTOR = "http://localhost:4318";
const METRIC_INTERVAL_MS = 60_000;

/** `config` is absent where nothing is sent. `audit`: whether the audit's lines go to the collector. */
export function telemetryConfig(
  env: Env,
  { audit = false }: { readonly audit?: boolean } = {},
): { readonly config?: TelemetryConfig; readonly warnings: readonly string[] } {
  if (valueOf(env, "OTEL_SDK_DISABLED")?.toLowerCase() === "true") {
    return { warnings: audit ? ["OTEL_SDK_DISABLED is true: the audit's lines are not sent to a collector."] : [] };
  }
  const warnings = new Set<string>();
  const signals: Partial<Record<Signal, Way>> = {};
  for (const signal of SIGNALS) {
    const way = isSent(env, signal, warnings) ? wayOf(env, signal, warnings) : undefined;
    if (way !== undefined) signals[signal] = way;
  }
  const auditWay = audit ? wayOf(env, "logs", warnings) : undefined;
  if (Object.keys(signals).length === 0 && auditWay === undefined) return { warnings: [...warnings] };
  const config: TelemetryConfig = {
    signals,
    ...(auditWay && { audit: auditWay }),
    propagators: propagatorsOf(env, warnings),
    metricInterval: intervalOf(env, warnings),
  };
  return { config, warnings: [...warnings] };
}

function isSent(env: Env, signal: Signal, warnings: Set<string>): boolean {
  const name = `OTEL_${signal.toUpperCase()}_EXPORTER`;
  const asked = valueOf(env, name)?.toLowerCase();
  if (asked === undefined) return endpointOf(env, signal)[1] !== undefined;
  if (asked !== "otlp" && asked !== "none")
    warnings.add(`${name} is "${shown(asked)}". Only otlp and none are supported: no ${signal} are sent.`);
  return asked === "otlp";
}

/** Undefined where the settings name no endpoint, or an invalid one. */
function wayOf(env: Env, signal: Signal, warnings: Set<string>): Way | undefined {
  const [name, endpoint = LOCAL_COLLECTOR] = endpointOf(env, signal);
  if (!isAddress(endpoint)) {
    warnings.add(`${name} must start with http:// or https:// and name a host: no ${signal} are sent.`);
    return undefined;
  }
  const protocol = protocolOf(env, signal, warnings);
  return protocol && { protocol, endpoint };
}

/** Undefined where the protocol is not supported. */
function protocolOf(env: Env, signal: Signal, warnings: Set<string>): OtlpProtocol | undefined {
  const own = `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_PROTOCOL`;
  const name = valueOf(env, own) === undefined ? "OTEL_EXPORTER_OTLP_PROTOCOL" : own;
  const asked = valueOf(env, name)?.toLowerCase() ?? "http/protobuf";
  if (asked === "http/protobuf" || asked === "http/json") return asked;
  const hint = asked === "grpc" ? " A collector takes them at port 4318, most often." : "";
  warnings.add(`${name} is "${shown(asked)}". Use http/protobuf or http/json: no ${signal} are sent.${hint}`);
  return undefined;
}

function endpointOf(env: Env, signal: Signal): [name: string, value: string | undefined] {
  const own = `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_ENDPOINT`;
  const value = valueOf(env, own);
  return value === undefined
    ? ["OTEL_EXPORTER_OTLP_ENDPOINT", valueOf(env, "OTEL_EXPORTER_OTLP_ENDPOINT")]
    : [own, value];
}

function isAddress(endpoint: string): boolean {
  return URL.canParse(endpoint) && /^https?:$/.test(new URL(endpoint).protocol);
}

function propagatorsOf(env: Env, warnings: Set<string>): TelemetryConfig["propagators"] {
  const named = valueOf(env, "OTEL_PROPAGATORS");
  if (named === undefined) return { trace: true, baggage: true, baggageToPortkey: false };
  const names = new Set(named.split(",").map((name) => name.trim().toLowerCase()));
  const unknown = [...names].filter((name) => !["tracecontext", "baggage", "none", ""].includes(name));
  if (unknown.length > 0) {
    const list = unknown.map(shown).join(", ");
    warnings.add(`OTEL_PROPAGATORS has ${list}. Only tracecontext, baggage and none are supported.`);
  }
  if (names.has("none")) return { trace: false, baggage: false, baggageToPortkey: false };
  const baggage = names.has("baggage");
  return { trace: names.has("tracecontext"), baggage, baggageToPortkey: baggage };
}

function intervalOf(env: Env, warnings: Set<string>): number {
  const text = valueOf(env, "OTEL_METRIC_EXPORT_INTERVAL");
  const value = Number(text ?? METRIC_INTERVAL_MS);
  if (Number.isInteger(value) && value > 0 && value < 2 ** 31) return value;
  warnings.add(`OTEL_METRIC_EXPORT_INTERVAL is no number of milliseconds; ${METRIC_INTERVAL_MS} is taken.`);
  return METRIC_INTERVAL_MS;
}

/** An empty variable counts as not set. */
function valueOf(env: Env, name: string): string | undefined {
  return env[name]?.trim() || undefined;
}

function shown(value: string): string {
  return oneLine(value, 40);
}
