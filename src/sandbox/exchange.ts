/**
 * One request of the API from its path to its answer: find the operation, know the caller, check, serve, note.
 */
import { ApiError } from "./api-error.ts";
import { bodyOf } from "./answer.ts";
import { auditEntry } from "./audit.ts";
import { choose } from "./behaviours.ts";
import { Call, type Behaviour } from "./call.ts";
import type { Operation } from "./document.ts";
import { authorise, identify, nobody, type Principal } from "./principal.ts";
import { requireAll } from "./requirements.ts";
import type { Match, Routes } from "./routes.ts";
import type { Access } from "./scopes.ts";
import type { World } from "./world.ts";

export interface Incoming {
  readonly method: string;
  /** Still percent-encoded. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly origin: string;
  readonly requestId: string;
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, text, a stream, or undefined for an empty body. */
  readonly body: unknown;
}

export interface Api {
  readonly world: World;
  readonly routes: Routes;
  readonly access: ReadonlyMap<string, Access>;
}

const chosen = new WeakMap<Operation, Behaviour>();

/** The answer, an error's included; only a fault of the sandbox's own is thrown. */
export function answer(api: Api, incoming: Incoming): Answered {
  const match = api.routes.find(incoming.method, incoming.path);
  if (!match || "allowed" in match)
    return failed(new ApiError(404, `There is no ${incoming.method} ${incoming.path}.`, "AB08"));
  let principal: Principal = nobody;
  let answered: Answered;
  try {
    principal = knownCaller(api, match.operation, incoming);
    answered = served(api.world, match, principal, incoming);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    answered = failed(error);
  }
  if (incoming.method !== "GET" && principal !== nobody) {
    api.world.audit.push(
      auditEntry(api.world, { ...incoming, operation: match.operation, principal, status: answered.status }),
    );
  }
  return answered;
}

function knownCaller(api: Api, operation: Operation, { headers }: Incoming): Principal {
  const access = api.access.get(operation.key);
  if (operation.open || access?.key === "none") return nobody;
  const key = headers["x-portkey-api-key"];
  const principal = identify(api.world, typeof key === "string" ? key : undefined);
  authorise(principal, access);
  return principal;
}

function served(
  world: World,
  { operation, values }: Match,
  principal: Principal,
  { query, body, headers, origin }: Incoming,
): Answered {
  requireAll(world.document, operation, query, body);
  const call = new Call(world, operation, principal, values, query, body, headers, origin);
  if (query["workspace_id"]) call.workspaceId(query["workspace_id"]);
  const behaviour = chosen.get(operation) ?? choose(world.document, operation);
  chosen.set(operation, behaviour);
  const reply = behaviour(call);
  if ("raw" in reply) return { status: operation.status, headers: reply.headers ?? {}, body: reply.raw };
  return { status: operation.status, headers: {}, body: bodyOf(world.document, operation, reply) };
}

function failed(error: ApiError): Answered {
  return { status: error.status, headers: {}, body: error.body };
}
