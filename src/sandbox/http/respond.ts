/**
 * Processes a request, with the fault that changes the processing or the answer, if any.
 */
import { isObject } from "../../catalog/json.ts";
import { seedKeys } from "../state/apply-seed.ts";
import type { History } from "../state/history.ts";
import type { World } from "../state/world.ts";
import { asObject } from "../json.ts";
import type { Fault, Faults, OtherRequest } from "./faults.ts";
import { handleRequest, type Api, type SandboxRequest, type SandboxResponse } from "./handle-request.ts";

export interface Responder {
  readonly api: Api;
  readonly faults: Faults;
  readonly history: History;
}

export function respond(
  { api, faults, history }: Responder,
  request: SandboxRequest,
  fault: Fault | undefined,
): SandboxResponse {
  const { world } = api;
  if (request.method !== "GET" && faults.remember) history.keep(world.store, world.now());
  const run = () => handleRequest(api, fault?.kind === "rewrite" ? rewrite(request, fault) : request);
  const former = fault?.kind === "stale" ? history.at(world.now() - (fault.lagMs ?? 0)) : undefined;
  const response = former ? world.readFrom(former, run) : run();
  if (fault?.kind === "race" && fault.request) handleRequest(api, createOtherRequest(world, fault.request, request));
  return fault?.kind === "short" ? { ...response, body: shortenLists(response.body, fault.items ?? 1) } : response;
}

function rewrite(request: SandboxRequest, { fields }: Fault): SandboxRequest {
  return { ...request, body: { ...asObject(request.body), ...fields } };
}

/** Another caller's request, with the admin key and the same origin. */
function createOtherRequest(
  world: World,
  { method, path, body }: OtherRequest,
  { origin, requestId }: SandboxRequest,
): SandboxRequest {
  const [pathname = "", search = ""] = path.split("?");
  const headers = world.document.takesTokens
    ? { authorization: `Bearer ${world.tokens.issue()}` }
    : { "x-portkey-api-key": seedKeys.admin };
  const query = Object.fromEntries(new URLSearchParams(search));
  return { method, path: pathname, query, body, headers, origin, requestId };
}

/** The answer without the last items of its lists; totals do not change. */
function shortenLists(body: unknown, missing: number): unknown {
  if (Array.isArray(body)) return body.slice(0, Math.max(0, body.length - missing));
  if (!isObject(body)) return body;
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, Array.isArray(value) ? shortenLists(value, missing) : value]),
  );
}
