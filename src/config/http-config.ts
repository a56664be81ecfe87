/**
 * The frozen configuration of the HTTP server: what src/http sees of the environment. src/config/http.ts fills it from
 * its table of settings; files (tokens, keys, policies) are read there, so that a missing one is one line and exit 2.
 * Sizes are bytes and times milliseconds unless the name says otherwise; null means "not set".
 */
import type { EditionName } from "../catalog/editions.ts";
import type { HTTP_SETTINGS } from "./http-settings.ts";
import type { Members } from "./setting.ts";

/** A token of MCP_AUTH_TOKEN and the principal it stands for. */
export interface BearerToken {
  /** The principal's name; policies name it as their subject. `bearer` where a single token has no name. */
  readonly name: string;
  readonly token: string;
}

/** An issuer whose signed tokens are accepted. */
export interface IssuerConfig {
  /** `clerk` differs in the variables it is read from and in the JWKS address it derives. */
  readonly mode: "jwt" | "clerk";
  readonly issuer: string;
  /** A token must carry one of these as its audience; empty only where `clientIds` is not. */
  readonly audience: readonly string[];
  /** Clients whose tokens are accepted though they name no audience at all; absent: none. */
  readonly clientIds?: readonly string[];
  /** null: found through the issuer's own metadata. */
  readonly jwksUrl: string | null;
  /** The issuer or its keys may be at a private address; absent: only on this machine. */
  readonly allowPrivate?: boolean;
  readonly algorithms: readonly string[];
  /** Clocks of issuer and server may differ by this much; absent: 5. */
  readonly clockToleranceSeconds?: number;
}

/** An issuer that registers no clients: people log in there through one client that is registered already. */
export interface OAuthProxyConfig {
  readonly mode: "oauth-proxy";
  /** null: it has no metadata, and `endpoints` says where it answers. */
  readonly issuer: string | null;
  readonly endpoints: { readonly authorization: string; readonly token: string } | null;
  /** Where to ask the issuer who the person is; null: where its metadata says, if there is no ID token. */
  readonly userinfo: string | null;
  readonly clientId: string;
  /** null: a public client. */
  readonly clientSecret: string | null;
  /** Hosts, and schemes of apps, that people may be sent back to besides their own computer; absent: all. */
  readonly redirectHosts?: readonly string[];
  /** What is asked of the issuer. */
  readonly scopes: readonly string[];
  /** The issuer may be at a private address; absent: only on this machine. */
  readonly allowPrivate?: boolean;
}

/** Portkey's MCP gateway in front, which forwards who calls. */
export interface GatewayConfig {
  readonly mode: "portkey-gateway";
  /** What the gateway proves itself with: any of these. */
  readonly tokens: readonly BearerToken[];
  /** What the forwarded identity has as its issuer: a name, not an address. */
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
  /** Bounds of the memory store. */
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
  /** Of those, requests to /oauth, and registrations of clients among them. */
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

/** The members of single settings are documented by their rows. */
export interface HttpConfig extends Members<typeof HTTP_SETTINGS> {
  /** The edition whose credentials callers and policies give; absent: the main one. */
  readonly edition?: EditionName;
  /** Whether accounts that callers and policies give send their tenant's id with every request. */
  readonly sendsTenant?: boolean;
  /** What was passed over or looks like a mistake, one line each; for the log. */
  readonly warnings?: readonly string[];
  readonly eventStore: EventStoreConfig;
  readonly redis: RedisConfig | null;
  readonly auth: AuthConfig;
  /** The policy file's path (for messages) and text; its meaning is src/http's. */
  readonly policyFile: { readonly path: string; readonly text: string } | null;
  readonly tls: TlsConfig | null;
  readonly rateLimit: RateLimitConfig;
  /** Absent: /metrics stands beside /mcp and asks who calls. */
  readonly metrics?: MetricsConfig;
  /** How its lines are written, and the place beyond those of `auditLog`; absent: this server's own form. */
  readonly audit?: AuditForm;
}

/** Who may read the metrics, and where. */
export interface MetricsConfig {
  /** For nothing else; null: whoever may call tools, or on a port of its own whoever reaches it. */
  readonly token: string | null;
  /** A port of its own, at `host`; null: beside the rest. */
  readonly port: number | null;
  readonly host: string;
}

/** How the audit is written. */
export interface AuditForm {
  readonly format: "lines" | "ocsf";
  /** The key of the lines' chain; null: a chain without a key; undefined: no chain. */
  readonly chain?: string | null | undefined;
  readonly webhook?: WebhookConfig | null | undefined;
}

/** Where audit lines are posted. The address may hold a secret: never log it. */
export interface WebhookConfig {
  readonly url: string;
  /** The key of the signature. */
  readonly secret: Uint8Array;
  /** It may be a private address, and plain http. */
  readonly allowPrivate: boolean;
}
