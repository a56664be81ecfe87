/**
 * Faults: what can go wrong between an agent and Portkey, planned ahead or requested by a header.
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

/** A request of somebody else: `path` with its base path, `/v1/prompts/abc`. It is made with the admin key. */
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
   * `stale` answers a read with the state of `lagMs` ago; `short` leaves items out of a list, but not out of its total.
   * `rewrite` keeps `fields` instead of what was sent; `race` lets somebody else's `request` follow at once.
   */
  readonly kind: FaultKind;
  /** For `stale`: how far reads are behind, in milliseconds. */
  readonly lagMs?: number;
  /** For `short`: how many items are left out, from the list's end. 1 without it. */
  readonly items?: number;
  /** For `rewrite`: fields of the body, in the place of those that were sent. */
  readonly fields?: Json;
  /** For `race`. */
  readonly request?: OtherRequest;
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

  /** Whether reads may have to answer a former state, so that it has to be kept. */
  get remember(): boolean {
    return this.planned.some(({ kind }) => kind === "stale");
  }

  /** The fault of the request's header, or the first planned one that matches, whose count goes down by one. */
  next(method: string, path: string, header: unknown): Fault | undefined {
    if (typeof header === "string") return parseFault(header);
    const hit = this.#planned.find(({ fault, left }) => left > 0 && hits(fault, method, path));
    if (hit) hit.left -= 1;
    return hit?.fault;
  }
}

function hits(fault: Fault, method: string, path: string): boolean {
  const only = fault.kind === "stale" ? "GET" : fault.method;
  return (only ?? method) === method && path.startsWith(fault.path ?? "");
}

/**
 * A fault from the header x-sandbox-fault: `429; retry-after=2`, `latency; delay=500`, `503; processed`,
 * `short; items=2`.
 * The state of the past is kept only for a planned `stale`; the header cannot ask for it.
 */
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
    ...(values.has("items") && { items: Number(values.get("items")) }),
    ...(values.has("processed") && { processed: true }),
  });
}

/** What a fault of a kind must say beside its kind. */
const needs: Readonly<Partial<Record<FaultKind, { readonly test: (fault: Json) => boolean; readonly text: string }>>> =
  {
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

/** A fault somebody sent; 400 where it is none. */
export function checkedFault(value: unknown): Fault {
  const fault: Json = isObject(value) ? value : {};
  if (!faultKinds.some((kind) => kind === fault["kind"]))
    throw new ApiError(400, `A fault's kind is one of ${faultKinds.join(", ")}, or a status.`);
  const need = needs[fault["kind"] as FaultKind];
  if (need && !need.test(fault)) throw new ApiError(400, need.text);
  return fault as unknown as Fault;
}
