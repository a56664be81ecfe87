/**
 * The address that a request counts to. An IPv6 client has a whole /64 to choose from, so that counts as one. A proxy
 * that passes on what is no address makes no new one of it: then the proxy itself counts.
 */
import type { FastifyRequest } from "fastify";
import { isIPv4, isIPv6 } from "node:net";
import { createRecentCache } from "../../catalog/recent-cache.ts";

/** An IPv4 address, or the first half of an IPv6 one. */
export function addressOf(request: FastifyRequest): string {
  // Without the header there is nothing to weigh.
  if (request.headers["x-forwarded-for"] === undefined) return peerOf(request);
  const known = forwarded.get(request);
  if (known !== undefined) return known;
  const address = farthestNetwork(request.ips ?? []) ?? peerOf(request);
  forwarded.set(request, address);
  return address;
}

/** It is asked for more than once for each request. */
const forwarded = new WeakMap<FastifyRequest, string>();
const networks = createRecentCache<string | undefined>(1_000);

function peerOf({ socket }: FastifyRequest): string {
  const peer = socket?.remoteAddress ?? "";
  return networks(peer, () => networkOf(peer)) ?? "unknown";
}

/** The network of the hop that is farthest away, of those that are addresses. */
function farthestNetwork(hops: readonly string[]): string | undefined {
  for (const hop of hops.toReversed()) {
    const network = networkOf(hop);
    if (network !== undefined) return network;
  }
  return undefined;
}

/** Undefined for what is no address; some proxies add the port. */
export function networkOf(text: string): string | undefined {
  const address = withoutPort(text.trim());
  if (isIPv4(address)) return address;
  if (!isIPv6(address)) return undefined;
  // A zone names an interface of the proxy's, not a client.
  const groups = groupsOf(address.split("%", 1)[0] ?? "");
  const [, , , , , marker, high = 0, low = 0] = groups;
  const mapped = marker === 0xffff && groups.slice(0, 5).every((group) => group === 0);
  if (mapped) return [high >> 8, high & 0xff, low >> 8, low & 0xff].join(".");
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(":")}::/64`;
}

function withoutPort(text: string): string {
  const bracketed = /^\[([0-9a-f:.%\w]+)\](?::\d{1,5})?$/i.exec(text)?.[1];
  if (bracketed !== undefined) return bracketed;
  return /^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/.exec(text)?.[1] ?? text;
}

/** The eight groups; URL knows every way to write an address. */
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
