/**
 * The frozen configuration of the HTTP server: all that src/http gets of the environment. src/config/http.ts makes it
 * from the settings, and reads files (tokens, keys, policies), so that a missing one is a mistake of the start.
 * Sizes are bytes and times milliseconds unless the name says otherwise; null means "not set".
 */
import type { EditionName } from "../catalog/editions.ts";
import type { HTTP_SETTINGS } from "./http-settings.ts";
import type { Members } from "./setting.ts";

/** A token of MCP_AUTH_TOKEN and its principal. */
export interface BearerToken {
  /** The principal's name; policies name it as their subject. `bearer` where a single token has no name. */
  readonly name: string;
  readonly token: string;
}

/** An issuer whose signed tokens are accepted. */
export interface IssuerConfig {
  /** `clerk` has settings of its own, and another default for the address of the key set. */
  readonly mode: "jwt" | "clerk";
  readonly issuer: string;
  /** A token must have one of these as its audience; empty only where `clientIds` is not. */
  readonly audience: readonly string[];
  /** Clients whose tokens are accepted without an audience; absent: none. */
  readonly clientIds?: readonly string[];
  /** null: the issuer's metadata names it. */
  readonly jwksUrl: string | null;
  /** The issuer or its keys may be at a private address; absent: only on this machine. */
  readonly allowPrivate?: boolean;
  readonly algorithms: readonly string[];
  /** How far the clocks of issuer and server may differ; absent: 5. */
  readonly clockToleranceSeconds?: number;
}

/** An issuer at which MCP clients cannot register: people log in through one client that is registered there. */
export interface OAuthProxyConfig {
  readonly mode: "oauth-proxy";
  /** null: it has no metadata, and `endpoints` has its addresses. */
  readonly issuer: string | null;
  readonly endpoints: { readonly authorization: string; readonly token: string } | null;
  /** The userinfo endpoint; null: that of the metadata, where there is no ID token. */
  readonly userinfo: string | null;
  readonly clientId: string;
  /** null: a public client. */
  readonly clientSecret: string | null;
  /** Hosts, and schemes of apps, that people may be sent back to besides their own computer; absent: all. */
  readonly redirectHosts?: readonly string[];
  /** The scopes to request from the issuer. */
  readonly scopes: readonly string[];
  /** The issuer may be at a private address; absent: only on this machine. */
  readonly allowPrivate?: boolean;
}

/** Portkey's MCP gateway in front of this server, which forwards the caller's identity. */
export interface GatewayConfig {
  readonly mode: "portkey-gateway";
  /** The secrets of which the gateway must send one. */
  readonly tokens: readonly BearerToken[];
  /** The issuer of the forwarded identity: a name, not an address. */
  readonly issuer: string;
  readonly jwksUrl: string;
  readonly allowPrivate?: boolean;
  readonly algorithms: readonly string[];
  readonly clockToleranceSeconds?: number;
}

/** How callers prove who they are. */
export type AuthConfig =
  | { readonly mode: "none" }
  | { readonly mode: "bearer"; readonly tokens: readonly BearerToken[] }
  | IssuerConfig
  | OAuthProxyConfig
  | GatewayConfig;

/** Where the events of a stream are kept for Last-Event-ID. */
export interface EventStoreConfig {
  readonly kind: "off" | "memory" | "redis";
  readonly ttlSeconds: number;
  /** Limits of the memory store. */
  readonly maxEvents: number;
  readonly maxBytes: number;
  /** Encrypts events at rest with AES-256-GCM; 32 bytes. */
  readonly encryptionKey: Uint8Array | null;
}

export interface RedisConfig {
  /**
   * redis://, rediss://, redis+sentinel://, redis+cluster:// (or a comma-separated list of nodes). May hold a password:
   * never log it.
   */
  readonly url: string;
  readonly keyPrefix: string;
}

export interface RateLimitConfig {
  readonly enabled: boolean;
  readonly max: number;
  /** Lower limits for requests to /oauth, and for registrations of clients. */
  readonly loginMax: number;
  readonly registerMax: number;
  readonly windowMs: number;
  readonly store: "memory" | "redis";
}

/** PEM texts, not paths. */
export interface TlsConfig {
  readonly key: string;
  readonly cert: string;
  readonly ca: string | null;
}

/** Members that hold one setting are documented in the setting's row. */
export interface HttpConfig extends Members<typeof HTTP_SETTINGS> {
  /** The edition whose credentials callers and policies use; absent: the main one. */
  readonly edition?: EditionName;
  /** Whether callers' service accounts send their tenant's id with every request. */
  readonly sendsTenant?: boolean;
  /** Settings that were ignored or look like mistakes, one line each; for the log. */
  readonly warnings?: readonly string[];
  readonly eventStore: EventStoreConfig;
  readonly redis: RedisConfig | null;
  readonly auth: AuthConfig;
  /** The policy file's path (for messages) and text, which src/http/policy parses. */
  readonly policyFile: { readonly path: string; readonly text: string } | null;
  readonly tls: TlsConfig | null;
  readonly rateLimit: RateLimitConfig;
  /** Absent: /metrics is served beside /mcp, with the same authentication. */
  readonly metrics?: MetricsConfig;
  /** How the audit is written, besides `auditLog`; absent: in this server's own format. */
  readonly audit?: AuditForm;
}

/** Who may read the metrics, and where. */
export interface MetricsConfig {
  /** The token for /metrics only; null: everybody who may call tools, or on a separate port everybody. */
  readonly token: string | null;
  /** A separate port, at `host`; null: the same as /mcp. */
  readonly port: number | null;
  readonly host: string;
}

/** How the audit is written. */
export interface AuditForm {
  readonly format: "lines" | "ocsf";
  /** The key of the chain of lines; null: a chain without a key; undefined: no chain. */
  readonly chain?: string | null | undefined;
  readonly webhook?: WebhookConfig | null | undefined;
}

/** Where audit lines are posted. The address may hold a secret: never log it. */
export interface WebhookConfig {
  readonly url: string;
  /** The key of the signature. */
  readonly secret: Uint8Array;
  /** Whether it may be a private address, and plain http. */
  readonly allowPrivate: boolean;
}
