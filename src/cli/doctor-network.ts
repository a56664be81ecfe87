/** Checks whether Portkey and Redis can be reached, and whether the clocks agree. */
import { guardedRequest, type GuardedAnswer } from "../addresses/guarded-request.ts";
import { PrivateAddress } from "../addresses/guarded-lookup.ts";
import { networkCode, networkReason } from "../addresses/network-reasons.ts";
import { proxyName, wayTo } from "../addresses/proxies.ts";
import { ProxyFault } from "../addresses/proxy-fault.ts";
import { readHttpDate } from "../catalog/times.ts";
import type { RedisConfig } from "../config/http-config.ts";
import { silentLog } from "../log/log.ts";
import type { Bases } from "../portkey/port.ts";
import { PORTKEY, type Product } from "../portkey/product.ts";
import type { Finding } from "./doctor-findings.ts";

const REDIS_MS = 3_000;
/** Beyond this difference, tokens and signed links commonly fail. */
const SKEW_S = 60;

export interface PortkeyFindings {
  readonly findings: readonly Finding[];
  /** Whether further requests make sense. */
  readonly reached: boolean;
}

/** Sends a request without a key: any answer shows that Portkey can be reached, and its clock. */
export async function checkPortkey(
  { control }: Pick<Bases, "control">,
  signal: AbortSignal,
  allowPrivate = true,
  product: Product = PORTKEY,
): Promise<PortkeyFindings> {
  const { host } = new URL(control);
  const way = wayInWords(control);
  const started = Date.now();
  let answer: GuardedAnswer;
  try {
    answer = await guardedRequest(control, { method: "HEAD", signal, allowPrivate });
    answer.body.destroy();
  } catch (error) {
    return unreachable(`${host} cannot be reached${way}: ${reasonOf(error)}.`, todoOf(error, product));
  }
  const { status } = answer;
  if (status >= 500)
    return unreachable(
      `${host} answers ${status}.`,
      `${product.name}, or something in front of it, is out of order: try again later.`,
    );
  if (status >= 300 && status < 400) {
    return unreachable(
      `${host} redirects, and redirects are not followed: the key would go along.`,
      `Set ${product.base} to the address it redirects to, if that is ${product.name}'s.`,
    );
  }
  const answers: Finding = { level: "ok", text: `${host} answers${way} (${Date.now() - started} ms).` };
  const unseen = allowPrivate || wayTo(new URL(control)).kind === "direct" ? [] : [UNSEEN];
  return {
    findings: [answers, ...unseen, ...clockFindings(answer.header("date") ?? null, Date.now(), product)],
    reached: true,
  };
}

function unreachable(text: string, todo: string): PortkeyFindings {
  return { findings: [{ level: "wrong", text, todo }], reached: false };
}

/** `date` is the header of a response that has just arrived. */
export function clockFindings(date: string | null, now: number, { name }: Product = PORTKEY): Finding[] {
  const skew = Math.round((now - (readHttpDate(date ?? "") ?? NaN)) / 1000);
  if (Number.isNaN(skew)) return [];
  if (Math.abs(skew) <= SKEW_S) return [{ level: "ok", text: `This machine's clock agrees with ${name}'s.` }];
  return [
    {
      level: "wrong",
      text: `This machine's clock is ${Math.abs(skew)} s ${skew > 0 ? "ahead of" : "behind"} ${name}'s.`,
      todo: "Set the clock (NTP): tokens and time ranges are judged by it.",
    },
  ];
}

/** Connects to Redis, writes a key that expires, and disconnects. */
export async function checkRedis(redis: RedisConfig): Promise<Finding[]> {
  const { connectRedis } = await import("../http/redis/link.ts");
  const link = connectRedis(redis, silentLog);
  try {
    const reached = await link.waitUntilAvailable(REDIS_MS);
    return [
      reached
        ? { level: "ok", text: "Redis answers and takes writes." }
        : {
            level: "wrong",
            text: `Redis did not answer, or took no writes, within ${REDIS_MS / 1000} s.`,
            todo: "Check MCP_REDIS_URL: host, port, user and password, TLS (rediss://), and that it is not a replica.",
          },
    ];
  } finally {
    await link.close();
  }
}

/** What the rule on private addresses cannot see. */
const UNSEEN: Finding = {
  level: "note",
  text:
    "The proxy looks names up: one that leads to a private address is refused only where this " +
    "machine knows it too.",
};

/** Says whether calls use a proxy; empty where none is configured. */
function wayInWords(address: string): string {
  const way = wayTo(new URL(address));
  if (way.kind === "proxy") return ` through ${proxyName(way.proxy)}`;
  return way.excepted ? " directly (NO_PROXY)" : "";
}

function reasonOf(error: unknown): string {
  if (error instanceof PrivateAddress) return `${error.message} (PORTKEY_ALLOW_PRIVATE_BASE_URL=true allows that)`;
  if (error instanceof ProxyFault) return error.message;
  const timedOut = error instanceof Error && error.name === "TimeoutError";
  return networkCode(error) ?? (timedOut ? "no answer in time" : "the connection failed");
}

function todoOf(error: unknown, { base }: Product): string {
  if (error instanceof ProxyFault) return error.todo;
  const code = networkCode(error);
  const meaning = code === undefined || error instanceof PrivateAddress ? "" : networkReason(code);
  return meaning.includes("certificate")
    ? `The host answers, but ${meaning}.`
    : `Check ${base}, the network, and any proxy or firewall between.`;
}
