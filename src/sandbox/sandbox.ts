/**
 * The built-in stand-in for Portkey: an HTTP server with its own state that serves every operation of the document.
 * It listens on the loopback interface only, and makes no requests.
 */
import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type InjectOptions,
  type LightMyRequestResponse,
} from "fastify";
import { Readable } from "node:stream";
import type { Bases } from "../portkey/port.ts";
import type { Api, SandboxResponse } from "./http/handle-request.ts";
import { ApiError } from "./http/api-error.ts";
import { handleControl, controlPrefix } from "./http/control.ts";
import { ApiDocument, withoutNames, type Facts } from "./shapes/document.ts";
import { Faults, type FaultPlan } from "./http/faults.ts";
import { injectFault } from "./http/inject-fault.ts";
import { respond } from "./http/respond.ts";
import { tokenPath, type Tokens } from "./http/tokens.ts";
import { uuid } from "./state/ids.ts";
import { Recorder, type RecordedRequest } from "./http/recorder.ts";
import { Routes } from "./http/routes.ts";
import { collectScopes, type Access, type AccessRule } from "./http/scopes.ts";
import { applySeed, seedKeys, type SeedData, type SeedKeys } from "./state/apply-seed.ts";
import { History } from "./state/history.ts";
import { World } from "./state/world.ts";

export interface SandboxOptions {
  readonly facts: Facts;
  /** What each operation requires of a key, such as the manifest's records. Absent: every known key is allowed. */
  readonly rules?: readonly AccessRule[];
  readonly seed?: SeedData;
  readonly faults?: FaultPlan;
  /** false: every known key is allowed everything. */
  readonly enforceScopes?: boolean;
  /** Milliseconds since the epoch; default: the real clock. */
  readonly now?: () => number;
  /** The lifetime of a token in seconds, where the edition has tokens; default 900. */
  readonly tokenSeconds?: number;
}

export interface Sandbox {
  /** Starts listening on 127.0.0.1; port 0 takes a free one. */
  listen(port?: number): Promise<{ url: string; bases: Bases }>;
  inject(request: InjectOptions): Promise<LightMyRequestResponse>;
  /** Restores the seed and the initial faults, and clears recorded requests. */
  reset(): void;
  readonly keys: SeedKeys;
  /** The tokens of an edition that has them. */
  readonly tokens: Tokens;
  readonly requests: readonly RecordedRequest[];
  close(): Promise<void>;
}

const bodyLimit = 20 * 1024 * 1024;

/** The mutable state of a sandbox. */
class State {
  readonly world: World;
  readonly faults = new Faults();
  readonly recorder = new Recorder();
  readonly history = new History();
  readonly #options: SandboxOptions;
  #served = 0;

  constructor(document: ApiDocument, options: SandboxOptions) {
    this.world = new World(document, options.now ?? Date.now, options.tokenSeconds);
    this.#options = options;
    this.reset();
  }

  readonly reset = (): void => {
    const { faults = [], seed = {}, rules = [] } = this.#options;
    this.world.clear();
    this.recorder.clear();
    this.history.clear();
    this.faults.plan(faults);
    this.#served = 0;
    applySeed(this.world, seed, {
      admin: collectScopes(rules),
      workspace: collectScopes(rules.filter(({ key }) => key !== "admin")),
    });
  };

  nextRequestId(): string {
    return uuid(`request:${(this.#served += 1)}`);
  }
}

export async function createSandbox(options: SandboxOptions): Promise<Sandbox> {
  const document = new ApiDocument(options.facts);
  const state = new State(document, options);
  const routes = new Routes(document.operations);
  const access = options.enforceScopes === false ? new Map<string, Access>() : accessTable(options.rules ?? []);
  const app = createApp();
  app.route({
    method: ["GET", "POST", "PUT", "PATCH", "DELETE"],
    url: "/*",
    handler: (request, reply) => serve(state, { world: state.world, routes, access }, request, reply),
  });
  return {
    keys: seedKeys,
    tokens: state.world.tokens,
    requests: state.recorder.requests,
    reset: state.reset,
    inject: (request) => app.inject(request),
    listen: async (port = 0) => {
      const url = await app.listen({ port, host: "127.0.0.1" });
      return { url, bases: sandboxBases(url, document) };
    },
    close: () => app.close(),
  };
}

/** The addresses of the document's bases at the sandbox. */
function sandboxBases(url: string, { bases }: ApiDocument): Bases {
  const own = Object.entries(bases).map(([name, { pathname }]) => [name, url + pathname.replace(/\/$/, "")] as const);
  const usual = { control: `${url}/v1`, gateway: `${url}/v1`, public: url, registry: url };
  return { ...usual, ...Object.fromEntries(own) };
}

function createApp(): FastifyInstance {
  const app = Fastify({
    logger: false,
    bodyLimit,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    frameworkErrors: (error, _request, reply) => void sendError(reply, error),
  });
  readBodiesAsText(app);
  app.setErrorHandler((error, _request, reply) => sendError(reply, error));
  return app;
}

async function serve(state: State, api: Api, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { method, headers } = request;
  const path = request.url.split("?")[0] ?? "";
  const query = Object.fromEntries(new URLSearchParams(request.url.slice(path.length)));
  const requestId = state.nextRequestId();
  reply.header("x-portkey-request-id", requestId);
  const isToken = state.world.document.takesTokens && path === tokenPath;
  // The token request is form-encoded, and is not recorded, since it is no JSON.
  const body = isToken ? undefined : parseBody(request.body);
  if (path.startsWith(controlPrefix)) return sendControl(reply, handleControl({ method, path, body }, state, reply));
  const { recorder, faults, history } = state;
  recorder.add({ method, path, query, headers, body });
  const fault = faults.next(method, path, headers["x-sandbox-fault"]);
  if (fault && !fault.processed && (await injectFault(fault, request, reply))) return reply;
  if (isToken) {
    const asking = { authorization: headers.authorization, form: String(request.body ?? "") };
    return send(reply, state.world.tokens.answer(asking));
  }
  const asked = { method, path, query, body, headers, origin: readOrigin(request), requestId };
  const response = respond({ api, faults, history }, asked, fault);
  if (fault?.processed && (await injectFault(fault, request, reply))) return reply;
  return send(reply, response);
}

function accessTable(rules: readonly AccessRule[]): Map<string, Access> {
  return new Map(
    rules.flatMap(({ method, path, scopes, key }) =>
      method && path ? [[`${method} ${withoutNames(path)}`, { scopes, key }] as const] : [],
    ),
  );
}

/** Reads bodies as text, so that an empty or malformed one causes Portkey's error instead of Fastify's. */
function readBodiesAsText(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
}

function parseBody(text: unknown): unknown {
  if (typeof text !== "string" || text.trim() === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ApiError(400, "The body is not JSON.");
  }
}

function readOrigin(request: FastifyRequest): string {
  return `http://${request.headers.host ?? "127.0.0.1"}`;
}

function send(reply: FastifyReply, { status, headers, body }: SandboxResponse): FastifyReply {
  void reply.code(status).headers(headers);
  if (body === undefined) return reply.send();
  if (body instanceof Readable || typeof body === "string") return reply.send(body);
  return reply.type("application/json; charset=utf-8").send(JSON.stringify(body));
}

function sendControl(reply: FastifyReply, body: unknown): FastifyReply {
  return body === undefined
    ? reply.code(404).send(new ApiError(404, "The sandbox has no such control.", "AB08").body)
    : reply.send(body);
}

function sendError(reply: FastifyReply, error: unknown): FastifyReply {
  if (error instanceof ApiError) return reply.code(error.status).send(error.body);
  const status = (error as { statusCode?: number }).statusCode ?? 500;
  const message = error instanceof Error ? error.message : String(error);
  return reply.code(status).send({ success: false, data: { message, errorCode: status < 500 ? "AB01" : "AB04" } });
}
