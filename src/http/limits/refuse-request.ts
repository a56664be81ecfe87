/**
 * Checks a request before it is handled: its Host must be this server's, its Origin allowed, and certain headers must
 * not be repeated. The Host check stops DNS rebinding; the Origin check stops other web pages.
 */
import { CREDENTIAL_HEADERS } from "../../config/editions.ts";
import type { FastifyRequest } from "fastify";
import { isIP } from "node:net";
import { createRecentCache } from "../../catalog/recent-cache.ts";
import { isLoopback } from "../../config/base-url.ts";
import type { HttpConfig } from "../../config/http-config.ts";
import { HttpRefusal } from "../auth/refusal.ts";

type Addresses = Pick<HttpConfig, "host" | "publicBaseUrl" | "allowedOrigins"> &
  Partial<Pick<HttpConfig, "allowedHosts">>;

/**
 * Headers that may occur once: of two, a proxy, this server and its libraries could each use another one. Not Accept,
 * which is a list and may have several lines.
 */
const SINGLE: ReadonlySet<string> = new Set([
  "authorization",
  "content-encoding",
  "content-type",
  "host",
  "last-event-id",
  "mcp-method",
  "mcp-name",
  "mcp-protocol-version",
  "mcp-session-id",
  "origin",
  ...CREDENTIAL_HEADERS,
  "x-user-jwt",
]);

/**
 * The returned function throws HttpRefusal 400 or 403. It accepts any Host for `/health`, and any Origin for the OAuth
 * metadata, which are not secret.
 */
export function createRequestCheck(config: Addresses): (request: FastifyRequest) => void {
  const isHostAllowed = createHostCheck(config);
  const isOriginAllowed = createOriginCheck(config);
  return (request) => {
    const repeated = repeatedHeader(request.raw.rawHeaders);
    if (repeated !== undefined) throw new HttpRefusal(400, `The header ${repeated} is there more than once.`);
    if (request.routeOptions.url !== "/health") {
      // Behind a trusted proxy, both the host that the proxy used and the one that the client used must be allowed.
      if (!isHostAllowed(request.headers.host ?? "") || !isHostAllowed(request.host ?? "")) {
        throw new HttpRefusal(
          403,
          "The Host of this request is not this server's. Set MCP_PUBLIC_BASE_URL to the address clients use, " +
            "or add the host to MCP_ALLOWED_HOSTS.",
          {},
          { reason: "host" },
        );
      }
    }
    const { origin } = request.headers;
    if (origin !== undefined && !request.url.startsWith("/.well-known/") && !isOriginAllowed(origin)) {
      const why = "The Origin of this request is not allowed. Add it to ALLOWED_ORIGINS.";
      throw new HttpRefusal(403, why, {}, { reason: "origin" });
    }
  };
}

/**
 * Returns a check that allows loopback origins, the server's own, and the configured ones, exactly or by a pattern such
 * as https://*.example.com. It refuses `null`, the origin of sandboxed and local pages.
 */
export function createOriginCheck({ publicBaseUrl, allowedOrigins }: Addresses): (origin: string) => boolean {
  const configured = allowedOrigins ?? [];
  const named = new Set([
    ...configured.filter((origin) => !isPattern(origin)),
    ...(publicBaseUrl === null ? [] : [new URL(publicBaseUrl).origin]),
  ]);
  const patterns = configured.filter(isPattern).map((pattern) => pattern.split(ANY_SUBDOMAIN) as [string, string]);
  return (origin) => {
    if (named.has(origin)) return true;
    if (!URL.canParse(origin)) return false;
    const { protocol, hostname } = new URL(origin);
    if (patterns.some(([scheme, domain]) => isBelow(origin, scheme, domain))) return true;
    return (protocol === "http:" || protocol === "https:") && isLoopback(withoutBrackets(hostname));
  };
}

const ANY_SUBDOMAIN = "*.";

function isPattern(origin: string): boolean {
  return origin.includes(ANY_SUBDOMAIN);
}

/** Whether an origin has at least one label before the domain, and nothing that is not a label. */
function isBelow(origin: string, scheme: string, domain: string): boolean {
  if (!origin.startsWith(scheme) || !origin.endsWith(`.${domain}`)) return false;
  const labels = origin.slice(scheme.length, -domain.length - 1);
  return labels.split(".").every((label) => /^[a-z0-9_-]+$/.test(label));
}

/**
 * Returns a check that allows loopback names and those of the configuration. Where the server listens beyond loopback
 * it also allows IP addresses, which DNS rebinding cannot use.
 */
function createHostCheck({ host, publicBaseUrl, allowedOrigins, allowedHosts }: Addresses): (host: string) => boolean {
  const urls = [...(allowedOrigins ?? []), ...(publicBaseUrl === null ? [] : [publicBaseUrl])];
  const named = new Set([...urls.filter((url) => url.startsWith("http")).map((url) => new URL(url).hostname)]);
  for (const name of allowedHosts ?? []) named.add(name.toLowerCase());
  if (isIP(host) === 0) named.add(host.toLowerCase());
  const listensBeyondLoopback = !isLoopback(host);
  const decisions = createRecentCache<boolean>();
  return (hostHeader) =>
    decisions(hostHeader, () => {
      // A trailing dot makes a name absolute, and does not change which host it names.
      const url = `http://${hostHeader.replace(/\.(?=$|:)/, "")}`;
      if (!/^[a-z0-9._:[\]-]+$/i.test(hostHeader) || !URL.canParse(url)) return false;
      const { hostname, host: withPort } = new URL(url);
      if (named.has(hostname) || named.has(withPort)) return true;
      const name = withoutBrackets(hostname);
      return isLoopback(name) || (listensBeyondLoopback && isIP(name) !== 0);
    });
}

function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "");
}

function repeatedHeader(rawHeaders: readonly string[]): string | undefined {
  const seen = new Set<string>();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] as string).toLowerCase();
    if (!SINGLE.has(name)) continue;
    if (seen.has(name)) return name;
    seen.add(name);
  }
  return undefined;
}
