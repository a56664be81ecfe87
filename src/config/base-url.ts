/**
 * Whether a base URL may be used: a Portkey key goes there, so an address inside the machine or its network, and plain
 * http, must be allowed by name. Host names are not resolved here: src/addresses/guarded-lookup.ts
 * does that when connecting.
 */
import { isPrivateHost } from "../addresses/special-addresses.ts";

export { isLoopback, isPrivateHost } from "../addresses/special-addresses.ts";

export interface AllowedBases {
  readonly privateAddress: boolean;
  readonly insecureHttp: boolean;
}

/** What stands against `url` as the base that `name` sets, as a line each; none if all is well. */
export function baseUrlProblems(name: string, url: string, allowed: AllowedBases): string[] {
  const { hostname, protocol } = new URL(url);
  const problems: string[] = [];
  if (!allowed.privateAddress && isPrivateHost(hostname)) {
    problems.push(
      `${name} is "${url}", a loopback or private address. Set PORTKEY_ALLOW_PRIVATE_BASE_URL=true if that is meant.`,
    );
  }
  if (!allowed.insecureHttp && protocol === "http:") {
    problems.push(
      `${name} is "${url}", where keys would travel in plain text. Use https, or set PORTKEY_ALLOW_INSECURE_HTTP=true.`,
    );
  }
  return problems;
}
