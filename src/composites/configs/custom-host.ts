/** Checks a custom_host: the gateway refuses hosts in private networks (protection against SSRF). */
import { isIP, BlockList } from "node:net";

const MACHINE: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "host.docker.internal"]);
const METADATA: ReadonlySet<string> = new Set(["metadata", "metadata.azure.com", "instance-data"]);
const INNER = /\.(?:local|localdomain|internal|intranet|lan|home|corp|test|invalid|onion)$/;
const mostLabels = 10;

const PRIVATE = new BlockList();
for (const [net, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["224.0.0.0", 3],
] as const)
  PRIVATE.addSubnet(net, prefix);

/** Why the gateway refuses this base URL; undefined where it accepts it. A self-hosted gateway may trust others. */
export function hostProblem(value: string): string | undefined {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) return "is no http or https URL";
  if (url.username !== "" || url.password !== "" || value.includes("@")) return "holds a login";
  const host = url.hostname;
  if (MACHINE.has(host) || host.endsWith(".localhost")) return undefined;
  if (host.includes("api.portkey")) return "is Portkey itself";
  if (host.startsWith("[")) return "is an IPv6 address";
  if (isIP(host) !== 0) return PRIVATE.check(host) ? "is an address inside a network" : undefined;
  if (METADATA.has(host) || INNER.test(host)) return "is a name inside a network";
  if (!/^[a-z0-9.-]+$/.test(host) || host.endsWith(".")) return "has a host name that is not plain";
  return host.split(".").length > mostLabels ? "has too many parts in its host name" : undefined;
}
