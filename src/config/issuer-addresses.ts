/** The addresses of an issuer, as the settings give them. */
import { isLoopback, isPrivateHost } from "./base-url.ts";
import type { HTTP_SETTINGS } from "./http-settings.ts";
import type { Values } from "./setting.ts";

/** What decides who may call must come over https, and from inside the own network only where that is meant. */
export function checkAddresses(
  addresses: Readonly<Record<string, string | null>>,
  values: Pick<Values<typeof HTTP_SETTINGS>, "MCP_ALLOW_PRIVATE_ISSUER">,
  mistakes: string[],
): void {
  for (const [name, address] of Object.entries(addresses)) {
    if (address === null) continue;
    if (address.startsWith("http:") && !isLoopback(new URL(address).hostname))
      mistakes.push(`${name} is "${address}". Keys that decide who may call must come over https.`);
    if (isPrivateIssuer(address) && !values.MCP_ALLOW_PRIVATE_ISSUER)
      mistakes.push(`${name} is "${address}", a private address. Set MCP_ALLOW_PRIVATE_ISSUER=true if that is meant.`);
  }
}

/** This machine itself is for development, and needs no word. */
function isPrivateIssuer(address: string): boolean {
  const { hostname } = new URL(address);
  return isPrivateHost(hostname) && !isLoopback(hostname);
}
