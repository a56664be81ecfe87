/** What the HTTP server is made from, and what its host can do with it. */
import type { FastifyInstance } from "fastify";
import type { Policy, PolicySubject } from "../catalog/policy.ts";
import type { HttpConfig } from "../config/http-config.ts";
import type { Log } from "../log/log.ts";
import type { Registry } from "../mcp/registry.ts";
import type { CallEvent } from "../mcp/tools/call-event.ts";
import type { Credentials } from "../portkey/port.ts";
import type { TimedRequest } from "../portkey/transport/timed-send.ts";
import type { AppParts } from "./app.ts";
import type { Deliver } from "./audit/remote-sink.ts";
import type { ReloadCounts } from "./observability/server-state.ts";
import type { ReadSecret } from "./policy/policy-file-context.ts";
import type { RedisLink } from "./redis/link.ts";
import type { LegacyEndpoint } from "./routes/legacy-endpoint.ts";

export interface HttpServerParts extends Pick<
  AppParts,
  "recordsOf" | "timeouts" | "redis" | "trust" | "spentStates" | "unread"
> {
  readonly http: HttpConfig;
  /** The server's upper bound and its own Portkey keys. */
  readonly policy: Policy;
  readonly credentials: Credentials;
  readonly records: readonly PolicySubject[];
  readonly readSecret: ReadSecret;
  readonly log: Log;
  /**
   * The registry to serve; `onCall` is to get each tool call once it has ended, for audit lines and metrics, and
   * `onRequest` each request to Portkey.
   */
  readonly registry: (onCall: (event: CallEvent) => void, onRequest: (request: TimedRequest) => void) => Registry;
  /** The endpoint of the legacy revisions over the registry it is given; closed with the server. */
  readonly legacy: (registry: Registry) => LegacyEndpoint;
  /** Where mode oauth-proxy keeps logins; absent: in memory. */
  readonly logins?: RedisLink;
  /** How long a server that stops serves on while /ready says no; absent: not at all. */
  readonly graceMs?: number;
  /** How reading the settings' files again went, for the metrics; absent: it is not done. */
  readonly reloads?: () => ReloadCounts;
  /** This server's version, for OCSF. */
  readonly version?: string;
  /** Sends audit lines to a collector; absent where telemetry's settings lead to none. */
  readonly auditToCollector?: Deliver | undefined;
  /** Resolves where Portkey can be reached; asked only where MCP_READY_CHECK_MODE is portkey. */
  readonly portkey?: (signal: AbortSignal) => Promise<void>;
}

/** What may change while the server runs: who may call, with which keys, and the certificate. */
export interface Renewal {
  readonly http: HttpConfig;
  readonly credentials: Credentials;
}

/** A server that does not listen by itself: whoever hosts it hands it requests through `app`. */
export interface AssembledServer {
  readonly app: FastifyInstance;
  /** For the port that only /metrics has, where there is one. */
  readonly metricsApp: FastifyInstance | undefined;
  /** Drains and ends; safe to call again. */
  stop(): Promise<void>;
  /** Ends the grace in which a server that stops serves on. */
  hurry(): void;
  /** Delivers the lines of the audit that wait, within bounds: before a host lets the process stand still. */
  readonly flushAudit: () => Promise<void>;
  /** Opens the audit's file again under its name, after it was moved away. */
  readonly reopenAudit: () => void;
  /** All of it or nothing, for the requests to come. Throws CONFIG, as the start does. */
  readonly renew: (renewal: Renewal) => void;
}

export interface HttpServer extends AssembledServer {
  /** Where it listens: scheme, address and port. */
  readonly url: string;
  /** Where only /metrics is served; undefined: beside the rest. */
  readonly metricsUrl: string | undefined;
}
