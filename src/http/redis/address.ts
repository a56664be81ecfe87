/**
 * Parses Redis URLs. No message quotes any part of one: it may hold a password.
 *
 * redis://[user:password@]host[:6379][/db], rediss:// for TLS
 * redis+sentinel://[user:password@]host[:26379][,host…]/master-name[/db][?sentinel_username=…&sentinel_password=…]
 * redis+cluster://[user:password@]host[:6379][,host…]
 * A comma-separated list without +sentinel names the nodes of a cluster; each may repeat the scheme.
 */
import { PortkeyMcpError } from "../../errors/errors.ts";

export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

interface Access {
  readonly tls: boolean;
  readonly username?: string;
  readonly password?: string;
}

export type RedisAddress =
  | (Access & RedisNode & { readonly kind: "single"; readonly db: number })
  | (Access & { readonly kind: "cluster"; readonly nodes: readonly RedisNode[] })
  | (Access & {
      readonly kind: "sentinel";
      readonly nodes: readonly RedisNode[];
      readonly master: string;
      readonly db: number;
      readonly sentinelUsername?: string;
      readonly sentinelPassword?: string;
    });

const FORM = /^(rediss?)(?:\+(sentinel|cluster))?:\/\/(?:([^@/]*)@)?([^/?#]+)((?:\/[^?#]*)?)(?:\?(.*))?$/;
const REPEATED_SCHEME = /,(rediss?(\+(sentinel|cluster))?:\/\/)([^@,/]*@)?/g;
const DEFAULT_PORT = { single: 6379, cluster: 6379, sentinel: 26_379 } as const;

/** Throws PortkeyMcpError CONFIG. */
export function parseRedisUrl(url: string): RedisAddress {
  const found = FORM.exec(url.trim().replace(REPEATED_SCHEME, ","));
  const [, scheme, mode, login, hosts, path = "", query] = found ?? refuse("is not a Redis URL");
  const [first = "", second = "", ...rest] = path.replace(/^\/|\/$/g, "").split("/");
  const kind = kindOf(mode, hosts as string);
  const nodes = (hosts as string).split(",").map((host) => parseNode(host, DEFAULT_PORT[kind]));
  const common = { tls: scheme === "rediss", ...parseLogin(login) };

  const options = parseOptions(query, kind);
  if (rest.length > 0 || (kind !== "sentinel" && second !== "")) refuse("has more in its path than it may");
  if (kind === "cluster") {
    if (first !== "" && first !== "0") refuse("names a database, and a cluster has only the first");
    return { kind, ...common, nodes };
  }
  if (kind === "single") return { kind, ...common, ...(nodes[0] as RedisNode), db: parseDatabase(first) };
  if (first === "") refuse("does not name the sentinels' master: redis+sentinel://host:26379/master-name");
  const username = options.get("sentinel_username");
  const password = options.get("sentinel_password");
  return {
    kind,
    ...common,
    nodes,
    master: decode(first),
    db: parseDatabase(second),
    ...(username !== null && { sentinelUsername: username }),
    ...(password !== null && { sentinelPassword: password }),
  };
}

/** The query, which may hold only the login at the sentinels. */
function parseOptions(query: string | undefined, kind: RedisAddress["kind"]): URLSearchParams {
  const options = new URLSearchParams(query ?? "");
  const known = kind === "sentinel" ? ["sentinel_username", "sentinel_password"] : [];
  if ([...options.keys()].some((name) => !known.includes(name)))
    refuse("has something behind its ? that is not read: a password stands before the @");
  return options;
}

function parseLogin(text: string | undefined): { username?: string; password?: string } {
  if (text === undefined || text === "") return {};
  const at = text.indexOf(":");
  const username = decode(at === -1 ? text : text.slice(0, at));
  const password = at === -1 ? "" : decode(text.slice(at + 1));
  return { ...(username !== "" && { username }), ...(password !== "" && { password }) };
}

/** Without a mode in the scheme, several hosts mean a cluster. */
function kindOf(mode: string | undefined, hosts: string): RedisAddress["kind"] {
  if (mode === "sentinel" || mode === "cluster") return mode;
  return hosts.includes(",") ? "cluster" : "single";
}

function parseNode(text: string, defaultPort: number): RedisNode {
  const found = /^(\[[0-9a-f:.]+\]|[^:[\]@]+)(?::(\d{1,5}))?$/i.exec(text.trim());
  const port = Number(found?.[2] ?? defaultPort);
  if (found?.[1] === undefined || port < 1 || port > 65_535)
    return refuse("names a host that is not host or host:port");
  return { host: found[1].replace(/^\[|\]$/g, ""), port };
}

function parseDatabase(text: string): number {
  if (text === "") return 0;
  return /^\d{1,4}$/.test(text) ? Number(text) : refuse("names a database that is not a number");
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return refuse("has a wrongly percent-encoded part");
  }
}

function refuse(what: string): never {
  throw new PortkeyMcpError(
    "CONFIG",
    `MCP_REDIS_URL ${what}. Give redis://host:6379, rediss://, redis+sentinel://host:26379/master or ` +
      "redis+cluster://host:6379,host:6379. " +
      "In a user name or password write @ as %40, / as %2F and % as %25.",
  );
}
