/**
 * Whether a base URL may be used: a Portkey key goes there, so an address inside the machine or its network, and plain
 * http, must be allowed by name. Host names are not resolved here; names that cannot be public count as private.
 */
import { BlockList, isIP } from "node:net";

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

const PRIVATE_RANGES: readonly (readonly [string, number, "ipv4" | "ipv6"])[] = [
  ["0.0.0.0", 8, "ipv4"],
  ["10.0.0.0", 8, "ipv4"],
  ["100.64.0.0", 10, "ipv4"],
  ["127.0.0.0", 8, "ipv4"],
  ["169.254.0.0", 16, "ipv4"],
  ["172.16.0.0", 12, "ipv4"],
  ["192.168.0.0", 16, "ipv4"],
  ["::", 127, "ipv6"],
  ["fc00::", 7, "ipv6"],
  ["fe80::", 10, "ipv6"],
];

/**
 * `hostname` as WHATWG URLs give it: lower case, IPv6 in brackets, every spelling of an IPv4 address as four numbers.
 */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  // Node compiles isIP's pattern at its first use, which takes 5 ms of every start: a name needs none.
  const version = /^[\d.]+$|:/.test(host) ? isIP(host) : 0;
  if (version === 0) return !host.includes(".") || /\.(localhost|local|internal|home\.arpa)$/.test(host);
  const ranges = new BlockList();
  for (const [address, bits, family] of PRIVATE_RANGES) ranges.addSubnet(address, bits, family);
  // BlockList also matches IPv4-mapped IPv6 addresses against the IPv4 ranges.
  return ranges.check(host, version === 6 ? "ipv6" : "ipv4");
}

/** Whether `host` is this machine to itself: as an address to listen on, others cannot reach it. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host);
}
