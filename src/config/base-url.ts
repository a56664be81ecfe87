/**
 * Checks a base URL, which receives Portkey keys: private addresses and plain http must be allowed by settings.
 * Host names are not resolved here: src/addresses/guarded-lookup.ts does that when connecting.
 */
import { isPrivateHost } from "../addresses/special-addresses.ts";

export { isLoopback, isPrivateHost } from "../addresses/special-addresses.ts";

export interface AllowedBases {
  readonly privateAddress: boolean;
  readonly insecureHttp: boolean;
}

/** A line for each problem of `url`, the value of the setting `name`. */
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
