/**
 * The client address that a request is counted for. An IPv6 client can use any address of its /64, so that counts as
 * one. Where a proxy forwards something that is no address, the next valid hop counts, which may be the proxy itself.
 */
import type { FastifyRequest } from "fastify";
import { isIPv4, isIPv6 } from "node:net";
import { createRecentCache } from "../../catalog/recent-cache.ts";

/** An IPv4 address, or the first half of an IPv6 one. */
export function addressOf(request: FastifyRequest): string {
  // Without the header, the peer is the client.
  if (request.headers["x-forwarded-for"] === undefined) return peerOf(request);
  const known = forwarded.get(request);
  if (known !== undefined) return known;
  const address = farthestNetwork(request.ips ?? []) ?? peerOf(request);
  forwarded.set(request, address);
  return address;
}

/** A cache, since each request needs its address several times. */
const forwarded = new WeakMap<FastifyRequest, string>();
const networks = createRecentCache<string | undefined>(1_000);

function peerOf({ socket }: FastifyRequest): string {
  const peer = socket?.remoteAddress ?? "";
  return networks(peer, () => networkOf(peer)) ?? "unknown";
}

/** The network of the farthest hop that is a valid address. */
function farthestNetwork(hops: readonly string[]): string | undefined {
  for (const hop of hops.toReversed()) {
    const network = networkOf(hop);
    if (network !== undefined) return network;
  }
  return undefined;
}

/** The address, or the /64 of an IPv6 one; a port, which some proxies add, is dropped. Undefined: it is no address. */
export function networkOf(text: string): string | undefined {
  const address = withoutPort(text.trim());
  if (isIPv4(address)) return address;
  if (!isIPv6(address)) return undefined;
  // A zone names an interface of the proxy, not a client.
  const groups = groupsOf(address.split("%", 1)[0] ?? "");
  const [, , , , , marker, high = 0, low = 0] = groups;
  const isMappedIPv4 = marker === 0xffff && groups.slice(0, 5).every((group) => group === 0);
  if (isMappedIPv4) return [high >> 8, high & 0xff, low >> 8, low & 0xff].join(".");
  const prefix = groups.slice(0, 4).map((group) => group.toString(16));
  return `${prefix.join(":")}::/64`;
}

function withoutPort(text: string): string {
  const bracketed = /^\[([0-9a-f:.%\w]+)\](?::\d{1,5})?$/i.exec(text)?.[1];
  if (bracketed !== undefined) return bracketed;
  return /^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/.exec(text)?.[1] ?? text;
}

/** The eight groups of an IPv6 address. URL normalises all notations. */
function groupsOf(address: string): number[] {
  const [head = "", tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const first = numbersOf(head);
  if (tail === undefined) return first;
  const last = numbersOf(tail);
  return [...first, ...Array.from({ length: 8 - first.length - last.length }, () => 0), ...last];
}

function numbersOf(part: string): number[] {
  return part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16));
}
