/**
 * Fault injection: what can go wrong between an agent and Portkey, planned ahead or requested by a header.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import { setTimeout as delay } from "node:timers/promises";
import { isObject } from "../../catalog/json.ts";
import { ApiError } from "./api-error.ts";
import type { Json } from "../json.ts";

const faultKinds = ["latency", "status", "reset", "truncate", "hang", "empty", "html", "redirect"] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  /**
   * `latency` delays the answer; `status` answers an error; `hang` never answers.
   * `reset` closes the connection before an answer, `truncate` in the middle of one.
   * `empty` answers without a body, `html` with a web page, `redirect` with another address.
   */
  readonly kind: FaultKind;
  /** For `status`, `empty` and `html`. */
  readonly status?: number;
  /** Milliseconds before anything is answered. */
  readonly delayMs?: number;
  /** Sent as Retry-After, seconds or a date. */
  readonly retryAfter?: string | number;
  /** Only requests with this method. */
  readonly method?: string;
  /** Only requests whose path begins so, base path included: `/v1/prompts`. */
  readonly path?: string;
  /** How many requests it hits; all without it. */
  readonly times?: number;
  /** The request is carried out first, so that only its answer is lost. */
  readonly processed?: boolean;
}

export type FaultPlan = readonly Fault[];

interface PlannedFault {
  readonly fault: Fault;
  left: number;
}

export class Faults {
  #planned: PlannedFault[] = [];

  plan(plan: FaultPlan): void {
    this.#planned = plan.map((fault) => ({ fault, left: fault.times ?? Infinity }));
  }

  get planned(): FaultPlan {
    return this.#planned
      .filter(({ left }) => left > 0)
      .map(({ fault, left }) => (left === Infinity ? fault : { ...fault, times: left }));
  }

  /** The fault of the request's header, or the first planned one that matches, whose count goes down by one. */
  next(method: string, path: string, header: unknown): Fault | undefined {
    if (typeof header === "string") return parseFault(header);
    const hit = this.#planned.find(
      ({ fault, left }) => left > 0 && (fault.method ?? method) === method && path.startsWith(fault.path ?? ""),
    );
    if (hit) hit.left -= 1;
    return hit?.fault;
  }
}

/** A fault from the header x-sandbox-fault: `429; retry-after=2`, `latency; delay=500`, `503; processed`, `reset`. */
export function parseFault(text: string): Fault {
  const [what = "", ...settings] = text.split(";").map((part) => part.trim());
  const values = new Map(
    settings.map((each): [string, string] => [each.split("=")[0] ?? "", each.split("=")[1] ?? ""]),
  );
  const status = /^\d{3}$/.test(what) ? Number(what) : undefined;
  return checkedFault({
    kind: status === undefined ? what : "status",
    ...(status !== undefined && { status }),
    ...(values.has("retry-after") && { retryAfter: String(values.get("retry-after")) }),
    ...(values.has("delay") && { delayMs: Number(values.get("delay")) }),
    ...(values.has("processed") && { processed: true }),
  });
}

/** A fault somebody sent; 400 where it is none. */
export function checkedFault(value: unknown): Fault {
  const fault: Json = isObject(value) ? value : {};
  if (!faultKinds.some((kind) => kind === fault["kind"]))
    throw new ApiError(400, `A fault's kind is one of ${faultKinds.join(", ")}, or a status.`);
  return fault as unknown as Fault;
}

/** Injects a fault. True: the request is answered, or never will be. False: it is handled as usual, after the delay. */
export async function injectFault(fault: Fault, request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
  const { kind, status, delayMs, retryAfter } = fault;
  if (delayMs !== undefined) await delay(delayMs);
  if (retryAfter !== undefined) reply.header("retry-after", String(retryAfter));
  if (kind === "latency") return false;
  if (kind === "hang" || kind === "reset" || kind === "truncate") {
    reply.hijack();
    if (kind === "truncate")
      reply.raw.writeHead(200, { "content-type": "application/json", "content-length": 1000 }).write('{"data":[{"id":');
    if (kind !== "hang")
      setImmediate(() => (kind === "reset" ? request.raw.socket.resetAndDestroy() : request.raw.socket.destroy()));
    return true;
  }
  if (kind === "empty") await reply.code(status ?? 200).send();
  else if (kind === "html")
    await reply
      .code(status ?? 502)
      .type("text/html")
      .send("<!doctype html><title>Bad gateway</title><h1>Bad gateway</h1>");
  else if (kind === "redirect") await reply.code(302).header("location", "https://redirect.sandbox.example/").send();
  else await reply.code(status ?? 500).send(errorBody(status ?? 500));
  return true;
}

function errorBody(status: number) {
  const known = [400, 401, 402, 403, 404, 409, 429] as const;
  const message = `The sandbox was told to answer ${status}.`;
  return new ApiError(known.find((each) => each === status) ?? 500, message).body;
}
