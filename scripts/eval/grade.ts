/** Grades a task: by the state after it, by the agent's requests to the API, and by its final output. */
import { isDeepStrictEqual } from "node:util";
import { pick } from "./pick.ts";
import type { Check, Task } from "./task.ts";

export interface MadeRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

export interface Outcome {
  /** Reads the sandbox's API as an admin: a path after /v1. Answers undefined for what is not there. */
  readonly read: (path: string) => Promise<unknown>;
  readonly requests: readonly MadeRequest[];
  readonly answer: string;
}

/** One line for each unmet condition of the task; empty where the task was done. */
export async function failedChecks({ checks }: Pick<Task, "checks">, outcome: Outcome): Promise<string[]> {
  const verdicts = await Promise.all(checks.map((check) => verdictOn(check, outcome)));
  return verdicts.filter((verdict) => verdict !== undefined);
}

async function verdictOn(check: Check, outcome: Outcome): Promise<string | undefined> {
  if ("answer" in check) {
    return new RegExp(check.answer, "i").test(outcome.answer) ? undefined : `the answer does not say ${check.answer}`;
  }
  if ("request" in check) {
    const made = outcome.requests.some((request) => isSuch(request, check));
    if (made === (check.request === "made")) return undefined;
    return `${check.method ?? "a request"} ${check.path} was ${made ? "made" : "not made"}`;
  }
  const whole = await outcome.read(check.get);
  // Where the answer cannot be read, it is unknown whether a part of it is absent.
  if (whole === undefined && check.at !== "") return `${check.get} cannot be read`;
  const found = pick(whole, check.at);
  return fits(found, check) ? undefined : `${check.get} ${check.at}: ${JSON.stringify(found)?.slice(0, 200)}`;
}

function isSuch(request: MadeRequest, { method, path, body }: Extract<Check, { request: string }>): boolean {
  if (method !== undefined && request.method !== method) return false;
  if (!new RegExp(path).test(request.path)) return false;
  return body === undefined || holds(request.body, body);
}

function fits(found: unknown, check: Extract<Check, { get: string }>): boolean {
  if (check.absent === true) return found === undefined;
  if ("is" in check && !isDeepStrictEqual(found, check.is)) return false;
  if (!("has" in check)) return true;
  return Array.isArray(found) && !Array.isArray(check.has)
    ? found.some((item) => holds(item, check.has))
    : holds(found, check.has);
}

/** Whether a value has everything wanted; other members and items are ignored. */
function holds(value: unknown, wanted: unknown): boolean {
  if (wanted === null || typeof wanted !== "object") return isDeepStrictEqual(value, wanted);
  if (value === null || typeof value !== "object") return false;
  if (Array.isArray(wanted)) {
    return Array.isArray(value) && wanted.every((one) => value.some((item) => holds(item, one)));
  }
  const entries = Object.entries(wanted as Record<string, unknown>);
  return entries.every(([name, one]) => holds((value as Record<string, unknown>)[name], one));
}
