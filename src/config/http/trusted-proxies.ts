/** The kind of a list of proxies whose X-Forwarded headers are trusted, in the form of Fastify's trustProxy. */
import { list } from "../kinds.ts";
import type { Kind } from "../setting.ts";

/** `loopback`, addresses and CIDR ranges, a number of hops, or none. */
export type TrustedProxies = readonly string[] | number | false;

const NOBODY: ReadonlySet<string> = new Set(["none", "false"]);
const EVERYBODY: ReadonlySet<string> = new Set(["true", "*"]);
const HOPS = /^\d+$/;
const PROXY = /^(loopback|linklocal|uniquelocal|[0-9.]+(\/\d{1,2})?|[0-9a-f:]*:[0-9a-f:.]*(\/\d{1,3})?)$/i;

export const trustedProxies: Kind<TrustedProxies> = {
  label: list.label,
  parse(raw) {
    const entries = list.parse(raw);
    const [first = ""] = entries;
    if (NOBODY.has(first)) return false;
    if (EVERYBODY.has(first))
      throw new Error("must name the proxies, or their number: trusting everyone lets any caller choose its address.");
    if (entries.length === 1 && HOPS.test(first)) return Number(first) === 0 ? false : Number(first);
    const wrong = entries.find((entry) => !PROXY.test(entry));
    if (wrong !== undefined)
      throw new Error(`has "${wrong}". Use loopback, linklocal, uniquelocal, addresses, or ranges such as 10.0.0.0/8.`);
    return entries;
  },
};
