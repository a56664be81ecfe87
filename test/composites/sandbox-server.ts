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
import { createCheck } from "../../src/portkey/request/check.ts";
import { createPortkey } from "../../src/portkey/create.ts";
import { createReadBack } from "../../src/portkey/writes/read-back.ts";
import { createPooledFetch } from "../../src/portkey/transport/pooled-fetch.ts";
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
export async function startSandboxServer({
  admin = false,
  keys = admin ? "admin" : "workspace",
  seed,
  settings = {},
  alter,
  verifyWrites = false,
  now,
}: ServerOptions = {}) {
  const catalogue = loadCatalogue();
  const sandbox = await createSandbox({
    facts: facts as never,
    rules: catalogue.records,
    ...(seed && { seed }),
    ...(now !== undefined && { now: () => now }),
  });
  const { bases } = await sandbox.listen();
  const sent: Sent[] = [];
  let failure: { readonly at: number; readonly processed: boolean } | undefined;
  const defects: unknown[] = [];
  const pooledFetch = createPooledFetch();
  const portkey = createPortkey({
    bases,
    timeoutMs: 5000,
    maxRetries: 0,
    loadValidators,
    records: catalogue.records,
    fetch: async (request) => {
      const { method, url, headers, body } = request;
      const own = {
        method,
        path: url.pathname.replace(/^\/v1/, "") + url.search,
        body: body === null ? undefined : (JSON.parse(body) as unknown),
        headers,
      };
      sent.push(own);
      if (failure?.at !== sent.length) {
        const response = await pooledFetch(request);
        if (alter === undefined) return response;
        const text = await response.text();
        const altered = alter(own, parsed(text));
        return altered === undefined ? new Response(text, { status: response.status }) : Response.json(altered);
      }
      if (failure.processed) await (await pooledFetch(request)).text();
      return Response.json({ success: false, data: { message: "injected", errorCode: "AB04" } }, { status: 500 });
    },
  });
  const readBack = verifyWrites ? createReadBack(portkey, { records: catalogue.records, waitsMs: [5, 5] }) : undefined;
  const registry = createRegistry({
    catalogue,
    portkey,
    callRecord: (record, args, context) =>
      callRecord(portkey, { record, args, context }, { maxResultBytes: 40_000, ...(readBack && { readBack }) }),
    check: createCheck(loadValidators, { data }),
    loadSchemas: data.loadSchemas,
    composites,
    compositeSettings: settings,
    version: "0",
    onDefect: (error) => defects.push(error),
  });

  const credentials = {
    ...(keys !== "admin" && { workspaceKey: sandbox.keys.workspace }),
    ...(keys !== "workspace" && { adminKey: sandbox.keys.admin }),
  };

  return {
    sandbox,
    /** Every request of the calls so far; `forget` empties it. */
    sent,
    defects,
    writes: () => sent.filter(({ method, path }) => method !== "GET" && !path.endsWith("/render")),
    forget: () => void sent.splice(0),
    /** The nth request from now on answers 500, and is carried out all the same where `processed`. 0: none does. */
    failAt(n: number, processed = false) {
      failure = n > 0 ? { at: sent.length + n, processed } : undefined;
    },
    async call(
      tool: string,
      args: Json,
      { principal = "test", policy = {}, progress, signal = new AbortController().signal }: CallOptions = {},
    ): Promise<CallAnswer> {
      const result = await registry.callTool(
        tool,
        args,
        { principal, policy: createPolicy(policy), credentials },
        { signal, ...(progress && { progress }) },
      );
      const text = String(result.content[0]?.["text"] ?? "");
      return {
        text,
        body: parsed(text),
        isError: result.isError === true,
        structured: result.structuredContent as Json | undefined,
        meta: result._meta ?? {},
        beside: String(result.content[1]?.["text"] ?? ""),
      };
    },
    close: () => sandbox.close(),
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
