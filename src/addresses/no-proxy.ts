/**
 * Parses NO_PROXY, the hosts that are reached directly. It accepts the forms of curl, Go and undici: a host, which
 * includes its subdomains, with or without a leading dot or `*.`; an address; a range such as 10.0.0.0/8; each with or
 * without a port; and `*` for every host.
 */
import { BlockList, isIP } from "node:net";

/** Whether the host of a URL is reached directly. */
export type IsDirect = (url: URL) => boolean;

interface Entry {
  readonly matches: (host: string) => boolean;
  /** undefined: every port. */
  readonly port: string | undefined;
}

const DEFAULT_PORTS: ReadonlyMap<string, string> = new Map([
  ["http:", "80"],
  ["https:", "443"],
]);

/** `list` is separated by commas or white space; invalid entries are ignored. */
export function readNoProxy(list: string): IsDirect {
  const entries = list
    .split(/[,\s]/)
    .filter((text) => text !== "")
    .map(parseEntry);
  return (url) => {
    const host = bare(url.hostname);
    const port = url.port === "" ? DEFAULT_PORTS.get(url.protocol) : url.port;
    return entries.some((entry) => (entry.port === undefined || entry.port === port) && entry.matches(host));
  };
}

function parseEntry(text: string): Entry {
  const [, name = text, port] = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(text) ?? [];
  return { matches: createMatcher(bare(name)), port };
}

/** Lower case, without the brackets of an IPv6 address and the dot of a rooted name. */
function bare(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "");
}

function createMatcher(name: string): (host: string) => boolean {
  if (name === "*") return () => true;
  const [address = "", bits] = name.split("/");
  const version = isIP(address);
  if (version !== 0) return createRangeMatcher(address, version === 6 ? "ipv6" : "ipv4", bits);
  const domain = name.replace(/^\*?\./, "");
  return (host) => domain !== "" && (host === domain || host.endsWith(`.${domain}`));
}

function createRangeMatcher(
  address: string,
  family: "ipv4" | "ipv6",
  bits: string | undefined,
): (host: string) => boolean {
  const most = family === "ipv6" ? 128 : 32;
  const length = bits === undefined ? most : Number(bits);
  if (bits === "" || !Number.isInteger(length) || length < 0 || length > most) return () => false;
  const range = new BlockList();
  range.addSubnet(address, length, family);
  return (host) => {
    const version = isIP(host);
    return version !== 0 && range.check(host, version === 6 ? "ipv6" : "ipv4");
  };
}
