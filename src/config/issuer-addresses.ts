/** Checks the addresses of an issuer in the settings. */
import { isLoopback, isPrivateHost } from "./base-url.ts";
import type { HTTP_SETTINGS } from "./http-settings.ts";
import type { Values } from "./setting.ts";

/** An issuer decides who may call: its addresses must be https, and private ones must be allowed by a setting. */
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

/** Loopback addresses are for development, and need no setting. */
function isPrivateIssuer(address: string): boolean {
  const { hostname } = new URL(address);
  return isPrivateHost(hostname) && !isLoopback(hostname);
}
