/**
 * Fault injection: faults between an agent and Portkey, planned in advance or requested by a header.
 */
import { isObject } from "../../catalog/json.ts";
import { ApiError } from "./api-error.ts";
import type { Json } from "../json.ts";

const faultKinds = [
  "latency",
  "status",
  "reset",
  "truncate",
  "hang",
  "empty",
  "html",
  "redirect",
  "stale",
  "short",
  "rewrite",
  "race",
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** A concurrent request of another caller with the admin key; `path` includes the base path: `/v1/prompts/abc`. */
export interface OtherRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

export interface Fault {
  /**
   * `latency` delays the answer; `status` answers an error; `hang` never answers.
   * `reset` closes the connection before an answer, `truncate` in the middle of one.
   * `empty` answers without a body, `html` with a web page, `redirect` with another address.
   * `stale` answers a read with the state of `lagMs` ago; `short` removes items from a list without changing its total.
   * `rewrite` replaces fields of the body by `fields`; `race` makes another caller's `request` directly afterwards.
   */
  readonly kind: FaultKind;
  /** For `stale`: the lag of reads in milliseconds. */
  readonly lagMs?: number;
  /** For `short`: how many items are removed from the list's end; default 1. */
  readonly items?: number;
  /** For `rewrite`: fields that replace those of the body. */
  readonly fields?: Json;
  /** For `race`. */
  readonly request?: OtherRequest;
  /** For `status`, `empty` and `html`. */
  readonly status?: number;
  /** Milliseconds to wait before the answer. */
  readonly delayMs?: number;
  /** The value of Retry-After: seconds or a date. */
  readonly retryAfter?: string | number;
  /** Applies only to requests with this method. */
  readonly method?: string;
  /** Applies only to requests whose path has this prefix, base path included: `/v1/prompts`. */
  readonly path?: string;
  /** The number of requests that it applies to; absent: all. */
  readonly times?: number;
  /** The request is processed first, so that only its answer is lost. */
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

  /** Whether former states must be kept for `stale` reads. */
  get remember(): boolean {
    return this.planned.some(({ kind }) => kind === "stale");
  }

  /** The fault of the request's header, or the first planned one that matches, whose count is reduced by one. */
  next(method: string, path: string, header: unknown): Fault | undefined {
    if (typeof header === "string") return parseFault(header);
    const hit = this.#planned.find(({ fault, left }) => left > 0 && matches(fault, method, path));
    if (hit) hit.left -= 1;
    return hit?.fault;
  }
}

function matches(fault: Fault, method: string, path: string): boolean {
  const only = fault.kind === "stale" ? "GET" : fault.method;
  return (only ?? method) === method && path.startsWith(fault.path ?? "");
}

/**
 * Parses the header x-sandbox-fault: `429; retry-after=2`, `latency; delay=500`, `503; processed`, `short; items=2`.
 * `stale` must be planned, since former states are kept only then.
 */
export function parseFault(text: string): Fault {
  const [what = "", ...settings] = text.split(";").map((part) => part.trim());
  const values = new Map(
    settings.map((entry): [string, string] => [entry.split("=")[0] ?? "", entry.split("=")[1] ?? ""]),
  );
  const status = /^\d{3}$/.test(what) ? Number(what) : undefined;
  return checkFault({
    kind: status === undefined ? what : "status",
    ...(status !== undefined && { status }),
    ...(values.has("retry-after") && { retryAfter: String(values.get("retry-after")) }),
    ...(values.has("delay") && { delayMs: Number(values.get("delay")) }),
    ...(values.has("items") && { items: Number(values.get("items")) }),
    ...(values.has("processed") && { processed: true }),
  });
}

/** Requirements of some kinds of faults. */
const requirements: Readonly<
  Partial<Record<FaultKind, { readonly test: (fault: Json) => boolean; readonly text: string }>>
> = {
  stale: {
    test: ({ lagMs }) => typeof lagMs === "number" && lagMs > 0,
    text: "A stale fault is planned ahead, with lagMs, the milliseconds that reads are behind.",
  },
  rewrite: { test: ({ fields }) => isObject(fields), text: "A rewrite fault has fields, an object." },
  race: {
    test: ({ request }) => isObject(request) && [request["method"], request["path"]].every(isText),
    text: "A race fault has a request with method and path.",
  },
};

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

/** The value as a fault; throws 400 where it is none. */
export function checkFault(value: unknown): Fault {
  const fault: Json = isObject(value) ? value : {};
  if (!faultKinds.some((kind) => kind === fault["kind"]))
    throw new ApiError(400, `A fault's kind is one of ${faultKinds.join(", ")}, or a status.`);
  const need = requirements[fault["kind"] as FaultKind];
  if (need && !need.test(fault)) throw new ApiError(400, need.text);
  return fault as unknown as Fault;
}
