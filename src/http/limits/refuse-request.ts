/**
 * What a request must be before anybody reads it: for this host, from an allowed origin, and with each header that
 * decides something there once. A page that has rebound its name to this address fails the first, any other page the
 * second.
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
 * Two of any of these and proxies, this server and its libraries could each believe another one. Accept is not among
 * them: it is a list, which may come in several lines.
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
 * Throws HttpRefusal 400 or 403. `/health` may be asked for by any name, and the metadata for login by any page:
 * neither is secret.
 */
export function createRequestCheck(config: Addresses): (request: FastifyRequest) => void {
  const hostAllowed = hostCheck(config);
  const originAllowed = originCheck(config);
  return (request) => {
    const twice = repeatedHeader(request.raw.rawHeaders);
    if (twice !== undefined) throw new HttpRefusal(400, `The header ${twice} is there more than once.`);
    if (request.routeOptions.url !== "/health") {
      // Behind a trusted proxy the name the client used counts as well as the one the proxy used.
      if (!hostAllowed(request.headers.host ?? "") || !hostAllowed(request.host ?? "")) {
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
    if (origin !== undefined && !request.url.startsWith("/.well-known/") && !originAllowed(origin)) {
      const why = "The Origin of this request is not allowed. Add it to ALLOWED_ORIGINS.";
      throw new HttpRefusal(403, why, {}, { reason: "origin" });
    }
  };
}

/**
 * Loopback origins, the server's own, and the configured ones, to the letter or by a pattern such as
 * https://*.example.com; `null` (a sandboxed or local page) is none of them.
 */
export function originCheck({ publicBaseUrl, allowedOrigins }: Addresses): (origin: string) => boolean {
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
    return (protocol === "http:" || protocol === "https:") && isLoopback(bare(hostname));
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
 * Loopback names always; the names the configuration knows; and, where the server listens beyond loopback, plain IP
 * addresses, which no page can rebind.
 */
function hostCheck({ host, publicBaseUrl, allowedOrigins, allowedHosts }: Addresses): (host: string) => boolean {
  const urls = [...(allowedOrigins ?? []), ...(publicBaseUrl === null ? [] : [publicBaseUrl])];
  const named = new Set([...urls.filter((url) => url.startsWith("http")).map((url) => new URL(url).hostname)]);
  for (const name of allowedHosts ?? []) named.add(name.toLowerCase());
  if (isIP(host) === 0) named.add(host.toLowerCase());
  const beyond = !isLoopback(host);
  const decisions = createRecentCache<boolean>();
  return (hostHeader) =>
    decisions(hostHeader, () => {
      // A name that ends with a dot is the same, looked up as it stands.
      const url = `http://${hostHeader.replace(/\.(?=$|:)/, "")}`;
      if (!/^[a-z0-9._:[\]-]+$/i.test(hostHeader) || !URL.canParse(url)) return false;
      const { hostname, host: withPort } = new URL(url);
      if (named.has(hostname) || named.has(withPort)) return true;
      return isLoopback(bare(hostname)) || (beyond && isIP(bare(hostname)) !== 0);
    });
}

function bare(hostname: string): string {
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
