/**
 * Warns about configurations that expose more than their owner may have meant to. Complements the settings' own checks.
 */
import { isLoopback } from "../../config/base-url.ts";
import type { HttpConfig } from "../../config/http-config.ts";
import { editionOf } from "../../config/editions.ts";
import { insertNames } from "../../portkey/product.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { authorizationServer } from "./resource.ts";

/** `insertNames` replaces `{api}` and `{credential}` by the edition's terms. */
type Check = readonly [warning: string, applies: (config: HttpConfig) => boolean];

const CHECKS: readonly Check[] = [
  [
    "Nobody is asked who they are (MCP_AUTH_MODE is none): whoever reaches this address uses the " +
      "server's {api} {credential}.",
    ({ auth, credentials }) => auth.mode === "none" && credentials !== "caller",
  ],
  [
    "Neither TLS (MCP_TLS_KEY_PATH, MCP_TLS_CERT_PATH) nor a trusted proxy (MCP_TRUST_PROXY, or an https " +
      "MCP_PUBLIC_BASE_URL) is configured: tokens and keys travel in the clear.",
    (config) => config.tls === null && !behindProxy(config),
  ],
  [
    "MCP_PUBLIC_BASE_URL is not set: the addresses that clients are given for login follow each request's Host header.",
    (config) => authorizationServer(config) !== null && config.publicBaseUrl === null,
  ],
  [
    "MCP_AUTH_MODE is portkey-gateway and MCP_POLICY_FILE is not set: everybody whom the gateway lets through has " +
      "the same rights.",
    ({ auth, policyFile }) => auth.mode === "portkey-gateway" && policyFile === null,
  ],
  [
    "MCP_EVENT_ENCRYPTION_KEY is not set: Redis keeps what {api} answers, newly created keys included, " +
      "in the clear for as long as events live.",
    ({ eventStore }) => eventStore.kind === "redis" && eventStore.encryptionKey === null,
  ],
  [
    "Several bearer tokens and no MCP_POLICY_FILE: every token has the same rights.",
    ({ auth, policyFile }) => auth.mode === "bearer" && auth.tokens.length > 1 && policyFile === null,
  ],
];

/**
 * The warnings to log at start; none while only this machine can reach the server.
 * Throws CONFIG where others could use the server without authentication and no setting allows it.
 */
export function checkExposure(config: HttpConfig): string[] {
  if (isLoopback(config.host)) return [];
  if (config.auth.mode === "none" && !config.allowUnauthenticated) {
    throw new PortkeyMcpError(
      "CONFIG",
      `${config.host} can be reached by others, and MCP_AUTH_MODE is none. Set MCP_AUTH_MODE to bearer, jwt or ` +
        "another, or MCP_ALLOW_UNAUTHENTICATED_HTTP=true.",
    );
  }
  const { product } = editionOf(config);
  return CHECKS.filter(([, applies]) => applies(config)).map(([warning]) => insertNames(warning, product));
}

/** Whether a proxy may terminate TLS. Trusting only loopback, which is the default, does not say that there is one. */
function behindProxy({ trustProxy, publicBaseUrl }: HttpConfig): boolean {
  if (publicBaseUrl?.startsWith("https:") === true) return true;
  return typeof trustProxy === "number" || (trustProxy !== false && trustProxy.some((proxy) => proxy !== "loopback"));
}
