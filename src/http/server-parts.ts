/** The parts of the HTTP server, and its interface. */
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
  /** What the server's settings admit: the upper bound of every caller's policy. */
  readonly policy: Policy;
  /** The Portkey keys of the server's settings. */
  readonly credentials: Credentials;
  readonly records: readonly PolicySubject[];
  readonly readSecret: ReadSecret;
  readonly log: Log;
  /**
   * Creates the registry to serve. It must call `onCall` after each tool call, and `onRequest` after each request to
   * Portkey.
   */
  readonly registry: (onCall: (event: CallEvent) => void, onRequest: (request: TimedRequest) => void) => Registry;
  /** Creates the endpoint of the legacy revisions, which the server closes. */
  readonly legacy: (registry: Registry) => LegacyEndpoint;
  /** Where mode oauth-proxy keeps logins; absent: in memory. */
  readonly logins?: RedisLink;
  /** How long a server that is stopping still serves requests while /ready fails; absent: not at all. */
  readonly graceMs?: number;
  /** How often the settings' files were read again, for the metrics; absent: they are not. */
  readonly reloads?: () => ReloadCounts;
  /** This server's version, for OCSF. */
  readonly version?: string;
  /** Sends audit lines to a collector; absent where the settings of OpenTelemetry name none. */
  readonly auditToCollector?: Deliver | undefined;
  /** Resolves where Portkey can be reached; called only where MCP_READY_CHECK_MODE is portkey. */
  readonly portkey?: (signal: AbortSignal) => Promise<void>;
}

/** What may change while the server runs: who may call, with which keys, and the certificate. */
export interface Renewal {
  readonly http: HttpConfig;
  readonly credentials: Credentials;
}

/** A server that does not listen: its host passes requests to `app`. */
export interface AssembledServer {
  readonly app: FastifyInstance;
  /** The app for the separate port of /metrics, where there is one. */
  readonly metricsApp: FastifyInstance | undefined;
  /** Drains and stops the server; may be called again. */
  stop(): Promise<void>;
  /** Ends the time in which a server that is stopping still serves requests. */
  hurry(): void;
  /** Delivers buffered audit lines, within a time limit: for hosts that suspend the process between requests. */
  readonly flushAudit: () => Promise<void>;
  /** Opens the audit file again by its name, after it was rotated. */
  readonly reopenAudit: () => void;
  /** Replaces all of it for later requests, or throws CONFIG like the start and replaces nothing. */
  readonly renew: (renewal: Renewal) => void;
}

export interface HttpServer extends AssembledServer {
  /** Where it listens: scheme, address and port. */
  readonly url: string;
  /** The same of the separate port of /metrics; undefined: there is none. */
  readonly metricsUrl: string | undefined;
}
