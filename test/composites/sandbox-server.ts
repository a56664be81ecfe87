/**
 * The whole way of a call without a wire: registry, checks, composites, Portkey's client, and the sandbox behind a real
 * socket.
 */
import facts from "../../generated/portkey/facts.json" with { type: "json" };
import { loadValidators } from "../../generated/portkey/validators.ts";
import { createPolicy } from "../../src/catalog/create-policy.ts";
import { editionData } from "../../src/catalog/editions.ts";
import { loadCatalogue } from "../main-catalogue.ts";
import type { PolicyInput } from "../../src/catalog/policy.ts";
import { composites } from "../../src/composites/table.ts";
import { createRegistry } from "../../src/mcp/create-registry.ts";
import { callRecord } from "../../src/portkey/call-record.ts";
import type { Registry, ToolResult } from "../../src/mcp/registry.ts";
import type { Bases } from "../../src/portkey/port.ts";
import type { ApiRequest } from "../../src/portkey/request/api-request.ts";
import { createCheck } from "../../src/portkey/request/check.ts";
import { createPortkey } from "../../src/portkey/create.ts";
import { createReadBack } from "../../src/portkey/writes/read-back.ts";
import { createPooledFetch, type HttpAnswer } from "../../src/portkey/transport/pooled-fetch.ts";
import type { SeedData } from "../../src/sandbox/state/apply-seed.ts";
import { createSandbox } from "../../src/sandbox/sandbox.ts";

const data = editionData("portkey");

type Json = Record<string, unknown>;

export interface Sent {
  readonly method: string;
  /** Path and query after /v1. */
  readonly path: string;
  readonly body: unknown;
  readonly headers: Headers;
}

export interface CallAnswer {
  /** The answer as JSON; an error's message where it is no JSON. */
  readonly body: Json;
  readonly text: string;
  readonly isError: boolean;
  readonly structured: Json | undefined;
  readonly meta: Json;
  /** What stands beside the answer: warnings and notes. */
  readonly beside: string;
}

export interface CallOptions {
  readonly principal?: string;
  readonly policy?: PolicyInput;
  readonly progress?: (done: number, total?: number, message?: string) => void;
  readonly signal?: AbortSignal;
}

export interface ServerOptions {
  /** The keys that calls are made with. */
  readonly keys?: "workspace" | "admin" | "both";
  readonly admin?: boolean;
  readonly seed?: SeedData;
  readonly settings?: Record<string, string>;
  /** Reads again what an update wrote, as the server does unless it is told not to. */
  readonly verifyWrites?: boolean;
  /** Changes what a request is answered, as Portkey may do otherwise than the sandbox; undefined: nothing. */
  readonly alter?: (sent: Pick<Sent, "method" | "path">, body: unknown) => unknown;
  /** The sandbox's time, in milliseconds; the real one without it. */
  readonly now?: number;
}

export type SandboxServer = Awaited<ReturnType<typeof startSandboxServer>>;

/** `admin: true` calls with an admin key; else with the key of the seed's workspace `production`. */
export async function startSandboxServer(options: ServerOptions = {}) {
  const { admin = false, keys = admin ? "admin" : "workspace", seed, now } = options;
  const sandbox = await createSandbox({
    facts: facts as never,
    rules: loadCatalogue().records,
    ...(seed && { seed }),
    ...(now !== undefined && { now: () => now }),
  });
  const { bases } = await sandbox.listen();
  const wire = new RecordedWire(options.alter);
  const defects: unknown[] = [];
  const registry = createServedRegistry(bases, wire, options, (error) => defects.push(error));
  const credentials = {
    ...(keys !== "admin" && { workspaceKey: sandbox.keys.workspace }),
    ...(keys !== "workspace" && { adminKey: sandbox.keys.admin }),
  };
  const call = async (tool: string, args: Json, given: CallOptions = {}): Promise<CallAnswer> => {
    const { principal = "test", policy = {}, progress, signal = new AbortController().signal } = given;
    const caller = { principal, policy: createPolicy(policy), credentials };
    return answerOf(await registry.callTool(tool, args, caller, { signal, ...(progress && { progress }) }));
  };
  return {
    sandbox,
    call,
    defects,
    /** Every request of the calls so far; `forget` empties it. */
    sent: wire.sent,
    writes: () => wire.sent.filter(({ method, path }) => method !== "GET" && !path.endsWith("/render")),
    forget: () => void wire.sent.splice(0),
    /** The nth request from now on answers 500, and is carried out all the same where `processed`. 0: none does. */
    failAt: (n: number, processed = false) => wire.failAt(n, processed),
    close: () => sandbox.close(),
  };
}

/** Sends requests, keeps what it sent, and answers otherwise where it is told to. */
class RecordedWire {
  readonly sent: Sent[] = [];
  #failure: { readonly at: number; readonly processed: boolean } | undefined;
  readonly #alter: ServerOptions["alter"];
  readonly #send = createPooledFetch();

  constructor(alter: ServerOptions["alter"]) {
    this.#alter = alter;
  }

  failAt(n: number, processed: boolean): void {
    this.#failure = n > 0 ? { at: this.sent.length + n, processed } : undefined;
  }

  async fetch(request: ApiRequest): Promise<HttpAnswer> {
    const { method, url, headers, body } = request;
    const path = url.pathname.replace(/^\/v1/, "") + url.search;
    const own = { method, path, body: body === null ? undefined : (JSON.parse(body) as unknown), headers };
    this.sent.push(own);
    if (this.#failure?.at !== this.sent.length) return this.#answer(own, request);
    if (this.#failure.processed) await (await this.#send(request)).text();
    return Response.json({ success: false, data: { message: "injected", errorCode: "AB04" } }, { status: 500 });
  }

  async #answer(own: Sent, request: ApiRequest): Promise<HttpAnswer> {
    const response = await this.#send(request);
    if (this.#alter === undefined) return response;
    const text = await response.text();
    const altered = this.#alter(own, parsed(text));
    return altered === undefined ? new Response(text, { status: response.status }) : Response.json(altered);
  }
}

function createServedRegistry(
  bases: Bases,
  wire: RecordedWire,
  { settings = {}, verifyWrites = false }: ServerOptions,
  onDefect: (error: unknown) => void,
): Registry {
  const catalogue = loadCatalogue();
  const { records } = catalogue;
  const portkey = createPortkey({
    bases,
    timeoutMs: 5000,
    maxRetries: 0,
    loadValidators,
    records,
    fetch: (request) => wire.fetch(request),
  });
  const readBack = verifyWrites ? createReadBack(portkey, { records, waitsMs: [5, 5] }) : undefined;
  return createRegistry({
    catalogue,
    portkey,
    callRecord: (record, args, context) =>
      callRecord(portkey, { record, args, context }, { maxResultBytes: 40_000, ...(readBack && { readBack }) }),
    check: createCheck(loadValidators, { data }),
    loadSchemas: data.loadSchemas,
    composites,
    compositeSettings: settings,
    version: "0",
    onDefect,
  });
}

function answerOf({ content, isError, structuredContent, _meta }: ToolResult): CallAnswer {
  const text = String(content[0]?.["text"] ?? "");
  return {
    text,
    body: parsed(text),
    isError: isError === true,
    structured: structuredContent as Json | undefined,
    meta: _meta ?? {},
    beside: String(content[1]?.["text"] ?? ""),
  };
}

function parsed(text: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Json) : { value };
  } catch {
    return { message: text };
  }
}
