/**
 * Handles one request of the API: finds the operation, authenticates, checks, runs the handler, writes the audit log.
 */
import { ApiError, BadGateway, badGatewayPage } from "./api-error.ts";
import { responseBody } from "./response-body.ts";
import { auditEntry } from "./audit.ts";
import { handlerFor } from "../behaviour/handlers.ts";
import { Call, type Handler } from "../behaviour/call.ts";
import type { Operation } from "../shapes/document.ts";
import { authorise, identify, identifyByToken, anonymous, type Principal } from "./principal.ts";
import { checkRequired } from "../shapes/requirements.ts";
import type { Match, Routes } from "./routes.ts";
import type { Access } from "./scopes.ts";
import type { World } from "../state/world.ts";

export interface SandboxRequest {
  readonly method: string;
  /** Still percent-encoded. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly origin: string;
  readonly requestId: string;
}

export interface SandboxResponse {
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

const handlers = new WeakMap<Operation, Handler>();

/** The response, also for an ApiError. Other errors, which are defects of the sandbox, are rethrown. */
export function handleRequest(api: Api, request: SandboxRequest): SandboxResponse {
  const match = api.routes.find(request.method, request.path);
  if (!match || "allowed" in match)
    return errorResponse(new ApiError(404, `There is no ${request.method} ${request.path}.`, "AB08"));
  let principal: Principal = anonymous;
  let response: SandboxResponse;
  try {
    principal = authenticate(api, match.operation, request);
    response = runOperation(api.world, match, principal, request);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    response = errorResponse(error);
  }
  if (request.method !== "GET" && principal !== anonymous) {
    api.world.audit.push(
      auditEntry(api.world, { ...request, operation: match.operation, principal, status: response.status }),
    );
  }
  return response;
}

function authenticate(api: Api, operation: Operation, { headers }: SandboxRequest): Principal {
  const access = api.access.get(operation.key);
  if (operation.open || access?.key === "none") return anonymous;
  if (api.world.document.takesTokens) return identifyByToken(api.world, headers["authorization"]);
  const key = headers["x-portkey-api-key"];
  const principal = identify(api.world, typeof key === "string" ? key : undefined);
  authorise(principal, access);
  return principal;
}

function runOperation(
  world: World,
  { operation, values }: Match,
  principal: Principal,
  { query, body, headers, origin }: SandboxRequest,
): SandboxResponse {
  checkRequired(world.document, operation, query, body);
  const call = new Call(world, operation, principal, { values, query, body, headers, origin });
  if (query["workspace_id"]) call.workspaceId(query["workspace_id"]);
  const handler = handlers.get(operation) ?? handlerFor(world.document, operation);
  handlers.set(operation, handler);
  const reply = handler(call);
  if ("raw" in reply) return { status: operation.status, headers: reply.headers ?? {}, body: reply.raw };
  return { status: operation.status, headers: {}, body: responseBody(world.document, operation, reply) };
}

function errorResponse(error: ApiError): SandboxResponse {
  if (error instanceof BadGateway)
    return { status: error.status, headers: { "content-type": "text/html" }, body: badGatewayPage };
  return { status: error.status, headers: {}, body: error.body };
}
