/** Requests per second over HTTP, for both methods that matter, both eras and both kinds of session. */
import { startBare } from "./bare.ts";
import type { Child } from "./child.ts";
import { Samples, type Contender, type Figure } from "./figure.ts";
import { startHttpServer, type HttpServer } from "./http-server.ts";
import { Load, perSecond } from "./load.ts";
import { ask, openSessions, wireRequest, type Era, type WireRequest } from "./mcp-request.ts";
import { rounds } from "./rounds.ts";
import type { Bench } from "./section-context.ts";
import { CALL, startUpstream } from "./upstream.ts";

const CONNECTIONS = 16;

interface Row {
  readonly id: string;
  readonly name: string;
  readonly method: "tools/list" | "tools/call";
  readonly era: Era;
  readonly mode: "stateless" | "stateful";
  /** The same for every contender, whatever its default is. */
  readonly store: "off" | "memory";
  /** The baseline supports only the legacy revisions. */
  readonly baseline: boolean;
  /** The equivalent route of bare Fastify. */
  readonly bare: string;
}

const ROWS: readonly Row[] = [
  {
    id: "list.stateless",
    name: "tools/list, stateless",
    method: "tools/list",
    era: "legacy",
    mode: "stateless",
    store: "off",
    baseline: true,
    bare: "/list/legacy",
  },
  {
    id: "list.stateful",
    name: "tools/list, in a session",
    method: "tools/list",
    era: "legacy",
    mode: "stateful",
    store: "off",
    baseline: true,
    bare: "/list/legacy",
  },
  {
    id: "list.modern",
    name: "tools/list, 2026-07-28",
    method: "tools/list",
    era: "modern",
    mode: "stateless",
    store: "off",
    baseline: false,
    bare: "/list/modern",
  },
  {
    id: "call.stateless",
    name: "tools/call, stateless",
    method: "tools/call",
    era: "legacy",
    mode: "stateless",
    store: "off",
    baseline: true,
    bare: "/call",
  },
  {
    id: "call.resumable",
    name: "tools/call, stateless and resumable",
    method: "tools/call",
    era: "legacy",
    mode: "stateless",
    store: "memory",
    baseline: true,
    bare: "/call",
  },
  {
    id: "call.stateful",
    name: "tools/call, in a session",
    method: "tools/call",
    era: "legacy",
    mode: "stateful",
    store: "off",
    baseline: true,
    bare: "/call",
  },
  {
    id: "call.modern",
    name: "tools/call, 2026-07-28",
    method: "tools/call",
    era: "modern",
    mode: "stateless",
    store: "off",
    baseline: false,
    bare: "/call",
  },
];

interface Target {
  readonly who: Contender;
  readonly url: string;
  readonly child: Child;
  readonly requests: readonly WireRequest[];
}

export async function benchHttp({ workspace, packages }: Bench): Promise<Figure[]> {
  const { ours, baseline } = await packages();
  const upstream = await startUpstream(workspace);
  const load = new Load(workspace);
  const servers = new Map<string, HttpServer>();
  for (const { mode, store } of ROWS) {
    if (servers.has(`ours ${mode} ${store}`)) continue;
    const env = { MCP_EVENT_STORE: store };
    for (const [who, { folder }] of [
      ["ours", ours],
      ["baseline", baseline],
    ] as const) {
      servers.set(`${who} ${mode} ${store}`, await startHttpServer(workspace, { folder, upstream, mode, env }));
    }
  }
  const { url: listing } = servers.get("ours stateless off") as HttpServer;
  const [legacy, modern] = await Promise.all(
    (["legacy", "modern"] as const).map((era) => ask(listing, wireRequest(era, "tools/list"))),
  );
  const bare = await startBare(workspace, upstream, { legacy: legacy?.text as string, modern: modern?.text as string });

  const figures: Figure[] = [];
  for (const row of ROWS) {
    workspace.say(`loading each server with ${row.name}, in turns`);
    const targets: Target[] = [];
    for (const who of ["ours", ...(row.baseline ? (["baseline"] as const) : [])] as const) {
      const { url, child } = servers.get(`${who} ${row.mode} ${row.store}`) as HttpServer;
      targets.push({ who, url, child, requests: await requestsOf(row, url) });
    }
    targets.push({
      who: "bare",
      url: `${bare.origin}${row.bare}`,
      child: bare.child,
      requests: await requestsOf({ ...row, mode: "stateless" }, `${bare.origin}${row.bare}`),
    });
    figures.push(...(await measure(row, targets, load, workspace.quick)));
  }
  for (const { child } of servers.values()) await child.stop();
  await Promise.all([load.stop(), bare.child.stop()]);
  return figures;
}

async function measure(row: Row, targets: readonly Target[], load: Load, quick: boolean): Promise<Figure[]> {
  const [throughput, cpu] = [new Samples(), new Samples()];
  const seconds = quick ? 1 : 4;
  await rounds(quick ? 2 : 6, targets, async ({ who, url, child, requests }, round) => {
    const before = await child.probe();
    const [result] = await load.run({ url, connections: CONNECTIONS, seconds, requests });
    const after = await child.probe();
    // Code that has not run before is slow once.
    if (round === 0 || result === undefined) return;
    throughput.add(who, perSecond(result));
    cpu.add(who, (after.cpuMs - before.cpuMs) / result.total);
  });
  const what =
    row.method === "tools/list" ? "sends our answer's bytes" : "asks the same upstream with fetch and wraps its answer";
  return [
    {
      id: `http.${row.id}`,
      name: row.name,
      unit: "req/s",
      samples: throughput.all,
      how: `autocannon in another process, ${CONNECTIONS} connections, event store ${row.store}; bare Fastify ${what}.`,
    },
    {
      id: `http.cpu.${row.id}`,
      name: `${row.name}: server's CPU`,
      unit: "ms CPU",
      samples: cpu.all,
      how:
        "the server's user and system time by the requests of that load; a busy machine disturbs it less than " +
        "throughput.",
    },
  ];
}

/** One request per connection, each in a session of its own where there are sessions; each is tried once first. */
async function requestsOf(
  { method, era, mode }: Pick<Row, "method" | "era" | "mode">,
  url: string,
): Promise<WireRequest[]> {
  const params = method === "tools/call" ? CALL : {};
  const ids = mode === "stateful" ? await openSessions(url, CONNECTIONS) : [undefined];
  const requests = ids.map((id) => wireRequest(era, method, params, id));
  await Promise.all(requests.map((request) => ask(url, request)));
  return requests;
}
