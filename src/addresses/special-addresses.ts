/**
 * Which addresses are not public: all special ranges of IANA's registries, also for IPv4 inside IPv6.
 * The check of settings (base URL, issuer, its keys, links) uses it, and guarded-lookup.ts for every connection.
 */
import { BlockList, isIP } from "node:net";

/** https://www.iana.org/assignments/iana-ipv4-special-registry, with multicast and class E. */
const SPECIAL_V4: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8], // this network
  ["10.0.0.0", 8], // private
  ["100.64.0.0", 10], // carrier-grade NAT
  ["127.0.0.0", 8], // loopback
  ["169.254.0.0", 16], // link-local: clouds' metadata
  ["172.16.0.0", 12], // private
  ["192.0.0.0", 24], // protocol assignments
  ["192.0.2.0", 24], // documentation
  ["192.31.196.0", 24], // AS112
  ["192.52.193.0", 24], // AMT
  ["192.88.99.0", 24], // 6to4 relays, retired
  ["192.168.0.0", 16], // private
  ["192.175.48.0", 24], // AS112
  ["198.18.0.0", 15], // benchmarks
  ["198.51.100.0", 24], // documentation
  ["203.0.113.0", 24], // documentation
  ["224.0.0.0", 4], // multicast
  ["240.0.0.0", 4], // reserved, broadcast
];

/** Ranges inside 2000::/3. Everything outside that is special, except translated IPv4. */
const SPECIAL_V6: readonly (readonly [string, number])[] = [
  ["2001::", 23], // protocol assignments: Teredo, ORCHID, benchmarks
  ["2001:db8::", 32], // documentation
  ["2002::", 16], // 6to4, retired: the relay chooses where it leads
  ["2620:4f:8000::", 48], // AS112
  ["3fff::", 20], // documentation
];

/** NAT64 (RFC 6052), by which networks without IPv4 reach public hosts: the IPv4 address inside decides. */
const TRANSLATED = "64:ff9b::";
const TRANSLATED_BITS = 96;

interface Ranges {
  readonly special: BlockList;
  readonly global: BlockList;
}

let ranges: Ranges | undefined;

/** Creates the ranges at the first call. */
function loadRanges(): Ranges {
  if (ranges !== undefined) return ranges;
  const special = new BlockList();
  const global = new BlockList();
  for (const [address, bits] of SPECIAL_V4) {
    // BlockList also matches IPv4-mapped IPv6 addresses against IPv4 ranges.
    special.addSubnet(address, bits, "ipv4");
    special.addSubnet(TRANSLATED + hextetsOf(address), TRANSLATED_BITS + bits, "ipv6");
  }
  for (const [address, bits] of SPECIAL_V6) special.addSubnet(address, bits, "ipv6");
  global.addSubnet("0.0.0.0", 0, "ipv4");
  global.addSubnet("2000::", 3, "ipv6");
  global.addSubnet(TRANSLATED, TRANSLATED_BITS, "ipv6");
  return (ranges = { special, global });
}

/** `10.1.2.3` as `a01:203`. */
function hextetsOf(address: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = address.split(".").map(Number);
  return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}

/** Whether an address is private, reserved or otherwise special. A text that is no address counts as special. */
export function isSpecialAddress(address: string): boolean {
  const bare = address.split("%", 1)[0] ?? "";
  const version = isIP(bare);
  if (version === 0) return true;
  const family = version === 6 ? "ipv6" : "ipv4";
  const { special, global } = loadRanges();
  return !global.check(bare, family) || special.check(bare, family);
}

/** Endings of names that do not exist in the public DNS. */
const PRIVATE_NAME = /\.(localhost|local|internal|intranet|lan|home|corp|private|home\.arpa|localdomain)$/;

/**
 * `hostname` must be that of a WHATWG URL: lower case, IPv6 in brackets, IPv4 addresses normalised.
 * Names are not resolved; those that cannot be public count as private.
 */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  // isIP compiles a pattern at its first use, which takes 5 ms at start: names do not need it.
  if (/^[\d.]+$|:/.test(host)) return isSpecialAddress(host);
  return !host.includes(".") || PRIVATE_NAME.test(host);
}

/** Whether `host` is a loopback name or address. Other machines cannot reach a server that listens there. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host);
}
