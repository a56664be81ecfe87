/** Fetches an issuer's metadata (RFC 8414, then OpenID Connect Discovery), which names the address of its key set. */
import { isLoopback } from "../../config/base-url.ts";
import { fetchJson } from "./fetch-json.ts";

/** The addresses at which an issuer may serve its metadata, in the order in which MCP clients try them. */
export function metadataAddresses(issuer: string): string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, "");
  const addresses = [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}/.well-known/openid-configuration${path}`,
  ];
  return path === "" ? addresses : [...addresses, `${origin}${path}/.well-known/openid-configuration`];
}

/**
 * The issuer's metadata. Throws an Error that says what was wrong at each address.
 * Its `issuer` must equal the configured one character by character: otherwise one tenant could pose as another.
 */
export async function discoverMetadata(
  issuer: string,
  signal: AbortSignal,
  allowPrivate: boolean,
): Promise<Readonly<Record<string, unknown>>> {
  return readFirst(issuer, signal, allowPrivate, (document) => document);
}

/** The address of the issuer's JWK set. Throws like `discoverMetadata`. */
export async function discoverJwksUrl(issuer: string, signal: AbortSignal, allowPrivate: boolean): Promise<string> {
  return readFirst(issuer, signal, allowPrivate, jwksUrlOf);
}

/** The result of `read` for the first valid document, in the order of the addresses. */
async function readFirst<Found>(
  issuer: string,
  signal: AbortSignal,
  allowPrivate: boolean,
  read: (document: Readonly<Record<string, unknown>>, address: string) => Found,
): Promise<Found> {
  const failures: string[] = [];
  const mayBePrivate = allowPrivate || isLoopback(new URL(issuer).hostname);
  for (const address of metadataAddresses(issuer)) {
    try {
      const document = ((await fetchJson(address, signal, mayBePrivate)) ?? {}) as Record<string, unknown>;
      const { issuer: named } = document;
      if (named !== issuer)
        throw new Error(
          `${address} speaks for ${JSON.stringify(named)}, not for ${issuer}. Set the issuer exactly so.`,
        );
      return read(document, address);
    } catch (error) {
      failures.push((error as Error).message);
    }
  }
  throw new Error(`The metadata of the issuer ${issuer} was not found. ${failures.join(" ")}`);
}

function jwksUrlOf({ jwks_uri: jwks }: Readonly<Record<string, unknown>>, address: string): string {
  if (typeof jwks !== "string" || !URL.canParse(jwks)) throw new Error(`${address} names no jwks_uri.`);
  const { protocol, hostname } = new URL(jwks);
  if (protocol !== "https:" && !(protocol === "http:" && isLoopback(hostname)))
    throw new Error(`${address} names a jwks_uri that is not https.`);
  return jwks;
}
