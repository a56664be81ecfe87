/** One row's call through the registry, in front of a real server that takes down what reaches it. */
import { isDeepStrictEqual } from "node:util";
import { assembleRegistry } from "../../src/cli/assemble-registry.ts";
import { createPolicy } from "../../src/catalog/create-policy.ts";
import { loadCatalogue } from "../main-catalogue.ts";
import { silentLog } from "../../src/log/log.ts";
import type { ToolResult } from "../../src/mcp/registry.ts";
import { json, startUpstream, type Received } from "../portkey/upstream.ts";
import { callOf, type Request } from "./as-call.ts";
import type { Row } from "./rows.ts";

/** What became of a row. */
export interface Verdict {
  readonly id: string;
  readonly outcome: "same" | "no tool" | "refused" | "changed";
  readonly tool?: string;
  readonly detail?: string;
  readonly warnings: readonly string[];
}

/** Starts an API that takes everything; resolves with a way to send a row to it. */
export async function startTrial() {
  const upstream = await startUpstream((response) => json(response, 200, { id: "1", slug: "s", version_id: "v" }));
  const catalogue = loadCatalogue();
  const policy = createPolicy();
  // One key, of the kind that the tool takes: which of two is chosen is another matter.
  const credentialsFor = (tool: string) =>
    catalogue.find(tool)?.record.key === "workspace" ? { workspaceKey: "pk-w" } : { adminKey: "pk-a" };
  const registry = assembleRegistry({ config: configFor(upstream.origin, policy), catalogue, log: silentLog });
  return {
    close: () => upstream.close(),
    async tryRow(row: Partial<Row>): Promise<Verdict> {
      const { id = "" } = row;
      const call = callOf(row);
      if (call === undefined) return { id, outcome: "no tool", detail: `${row.method} ${row.path}`, warnings: [] };
      const { tool, args, want } = call;
      const caller = { principal: "local", policy, credentials: credentialsFor(tool) };
      upstream.received.length = 0;
      const result = await registry.callTool(tool, args, caller, { signal: AbortSignal.timeout(10_000) });
      const warnings = (result._meta?.["portkey/warnings"] ?? []) as readonly string[];
      return { id, tool, warnings, ...compare(want, upstream.received.map(requestOf), result) };
    },
  };
}

/** Settings of a registry that calls one address for every API. */
function configFor(base: string, policy: ReturnType<typeof createPolicy>) {
  return {
    bases: { control: base, gateway: base, public: base, registry: base },
    credentials: {},
    timeoutMs: 5_000,
    maxRetries: 0,
    maxResultBytes: 1_000_000,
    unknownFields: "send",
    policy,
    sandbox: false,
    logLevel: "error",
    composites: {},
  } as const;
}

/** Whether the wanted request is among those sent; if not, what came in its place. */
function compare(want: Request, sent: readonly Request[], result: ToolResult): Pick<Verdict, "outcome" | "detail"> {
  const wanted = textual(want);
  if (sent.some((request) => isDeepStrictEqual(request, wanted))) return { outcome: "same" };
  const ofMethod = sent.find(({ method }) => method === want.method);
  if (ofMethod === undefined) return { outcome: "refused", detail: textOf(result) };
  return { outcome: "changed", detail: `wanted ${JSON.stringify(wanted)}, sent ${JSON.stringify(ofMethod)}` };
}

function textOf(result: ToolResult): string {
  return String(result.content[0]?.["text"] ?? "");
}

function requestOf({ method, url, body }: Received): Request {
  const { pathname, searchParams } = new URL(url, "http://localhost");
  return {
    method,
    path: decodeURIComponent(pathname),
    query: grouped([...searchParams]),
    body: body === "" ? undefined : (JSON.parse(body) as unknown),
  };
}

/** A request with its query as a URL can say it. */
function textual(want: Request): Request {
  const pairs = Object.entries(want.query).flatMap(([name, value]) =>
    (Array.isArray(value) ? (value as unknown[]) : [value]).map((one): [string, string] => [name, String(one)]),
  );
  return { ...want, path: decodeURIComponent(want.path), query: grouped(pairs) };
}

function grouped(pairs: readonly (readonly [string, string])[]): Record<string, string[]> {
  const groups: Record<string, string[]> = {};
  for (const [name, value] of pairs) (groups[name] ??= []).push(value);
  return groups;
}
