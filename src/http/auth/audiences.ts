/**
 * Which audiences of a token mean this server: the configured ones, and equivalent spellings of them.
 * An address without a path is the same as with `/` (RFC 3986, section 6.2.3). This server's own address counts with
 * and without its trailing slash, which serves the same, and without `/mcp`, since nothing else is served beside that.
 */
import { MCP_PATH } from "./resource.ts";

/** `publicBaseUrl` as in the configuration; where it is null, an audience whose path is `/mcp` is this server's. */
export function acceptedAudiences(configured: readonly string[], publicBaseUrl: string | null): string[] {
  return [...new Set(configured.flatMap((audience) => [audience, ...otherSpellings(audience, publicBaseUrl)]))];
}

function otherSpellings(audience: string, publicBaseUrl: string | null): string[] {
  if (!/^https?:/.test(audience) || !URL.canParse(audience)) return [];
  const { origin, pathname, search, hash } = new URL(audience);
  if (search !== "" || hash !== "") return [];
  if (pathname === "/") return withAndWithoutSlash(origin);
  const base = publicBaseUrl ?? origin;
  if (withoutSlash(audience) !== `${base}${MCP_PATH}`) return [];
  return [...withAndWithoutSlash(`${base}${MCP_PATH}`), ...withAndWithoutSlash(base)];
}

function withAndWithoutSlash(address: string): string[] {
  return [withoutSlash(address), `${withoutSlash(address)}/`];
}

function withoutSlash(address: string): string {
  return address.endsWith("/") ? address.slice(0, -1) : address;
}
