/**
 * Which audiences mean this server. Besides the configured ones these are other ways to write the same: an http address
 * without a path and with `/` (RFC 3986, section 6.2.3), and this server's own address with and without its last slash,
 * where the same is served, or without `/mcp`, beside which nothing else stands there.
 */
import { MCP_PATH } from "./resource.ts";

/** `publicBaseUrl` as in the configuration; where it is null, an audience whose path is `/mcp` is this server's. */
export function audiencesOf(configured: readonly string[], publicBaseUrl: string | null): string[] {
  return [...new Set(configured.flatMap((audience) => [audience, ...otherSpellings(audience, publicBaseUrl)]))];
}

function otherSpellings(audience: string, publicBaseUrl: string | null): string[] {
  if (!/^https?:/.test(audience) || !URL.canParse(audience)) return [];
  const { origin, pathname, search, hash } = new URL(audience);
  if (search !== "" || hash !== "") return [];
  if (pathname === "/") return bothWays(origin);
  const base = publicBaseUrl ?? origin;
  if (withoutSlash(audience) !== `${base}${MCP_PATH}`) return [];
  return [...bothWays(`${base}${MCP_PATH}`), ...bothWays(base)];
}

function bothWays(address: string): string[] {
  return [withoutSlash(address), `${withoutSlash(address)}/`];
}

function withoutSlash(address: string): string {
  return address.endsWith("/") ? address.slice(0, -1) : address;
}
