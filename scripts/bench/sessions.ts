/** What idle sessions and open streams cost an instance. */
import { request as httpRequest, Agent, type ClientRequest } from "node:http";
import { once } from "node:events";
import type { Probe } from "./child.ts";
import type { Contender, Figure } from "./figure.ts";
import { startHttpServer, type HttpServer } from "./http-server.ts";
import { Load, perSecond, type JobResult } from "./load.ts";
import { openSessions, wireRequest } from "./mcp-request.ts";
import type { Installed } from "./packages.ts";
import type { Bench } from "./sections.ts";
import { CALL, startUpstream } from "./upstream.ts";

/** The baseline keeps a server for each session; as many as ours has would not fit this machine. */
const SESSIONS: Readonly<Record<"ours" | "baseline", number>> = { ours: 10_000, baseline: 200 };
const STREAMS: Readonly<Record<"ours" | "baseline", number>> = { ours: 1_000, baseline: 100 };
/** Opened before the first look at memory, so that what any session needs is there. */
const FIRST = 16;

type Measured = Readonly<Record<"rss" | "live" | "stream" | "few" | "many", number>>;

export async function benchSessions({ workshop, packages }: Bench): Promise<Figure[]> {
  const installed = await packages();
  const upstream = await startUpstream(workshop);
  const load = new Load(workshop);
  const measured: Partial<Record<Contender, Measured>> = {};
  for (const who of ["ours", "baseline"] as const) {
    workshop.say(`opening ${SESSIONS[who]} sessions and ${STREAMS[who]} streams: ${who}`);
    measured[who] = await measure(workshop, installed[who], upstream, load, who);
  }
  await load.stop();
  const samplesOf = (part: keyof Measured, who: readonly ("ours" | "baseline")[] = ["ours", "baseline"]) =>
    Object.fromEntries(who.map((name) => [name, [(measured[name] as Measured)[part]]]));
  const counts = `${SESSIONS.ours.toLocaleString("en")} sessions (${SESSIONS.baseline} of the baseline's)`;
  return [
    { id: "sessions.rss", name: "memory of an idle session", unit: "kB", samples: samplesOf("rss"), how: `growth of the resident set over ${counts}, each initialized and left, by their number.` },
    { id: "sessions.live", name: "of it alive", unit: "kB", samples: samplesOf("live"), how: "the same for heap and buffers after a collection." },
    { id: "sessions.stream", name: "memory of an open stream", unit: "kB", samples: samplesOf("stream"), how: `growth of the resident set over ${STREAMS.ours.toLocaleString("en")} GET streams (${STREAMS.baseline} of the baseline's), socket included.` },
    { id: "sessions.few", name: `tools/call with ${FIRST} sessions`, unit: "req/s", samples: samplesOf("few"), how: `${FIRST} connections in as many sessions, nothing else open.` },
    { id: "sessions.many", name: "tools/call with all sessions and streams", unit: "req/s", samples: samplesOf("many"), how: "the same sessions under the same load, with all the others and the streams open." },
  ];
}

async function measure(workshop: Bench["workshop"], { folder }: Installed, upstream: string, load: Load, who: "ours" | "baseline"): Promise<Measured> {
  const [sessions, streams] = workshop.quick ? [SESSIONS[who] / 10, STREAMS[who] / 10] : [SESSIONS[who], STREAMS[who]];
  const env = { MCP_MAX_SESSIONS: "20000", MCP_EVENT_STORE: "memory" };
  const server = await startHttpServer(workshop, { folder, upstream, mode: "stateful", env });
  const { child, url } = server;
  const first = await openSessions(url, FIRST);
  const requests = first.map((id) => wireRequest("legacy", "tools/call", CALL, id));
  const job = { url, connections: FIRST, seconds: workshop.quick ? 1 : 5, requests };
  await load.run(job);
  const [few] = (await load.run(job)) as [JobResult];

  const before = await child.probe();
  const ids = await openSessions(url, sessions);
  const idle = await child.probe();
  const close = await openStreams(server, ids.slice(0, streams));
  const open = await child.probe();
  const [many] = (await load.run(job)) as [JobResult];
  close();
  await child.stop();
  return {
    rss: growth(before, idle, "rssBytes", sessions),
    live: growth(before, idle, "liveBytes", sessions),
    stream: growth(idle, open, "rssBytes", streams),
    few: perSecond(few),
    many: perSecond(many),
  };
}

function growth(before: Probe, after: Probe, part: "rssBytes" | "liveBytes", count: number): number {
  return (after[part] - before[part]) / count / 1000;
}

/** A GET stream in each session, once its headers have come; returns what closes them. */
async function openStreams({ url }: HttpServer, ids: readonly string[]): Promise<() => void> {
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
  const open: ClientRequest[] = [];
  for (const id of ids) {
    const { headers } = wireRequest("legacy", "ping", {}, id);
    const request = httpRequest(url, { agent, headers: { ...headers, accept: "text/event-stream" } });
    open.push(request);
    // Closing them on purpose is no error.
    request.on("error", () => undefined);
    request.end();
    const [answer] = (await once(request, "response", { signal: AbortSignal.timeout(10_000) })) as [{ statusCode: number; resume(): void }];
    if (answer.statusCode !== 200) throw new Error(`A stream was answered with ${answer.statusCode}.`);
    answer.resume();
  }
  return () => {
    for (const request of open) request.destroy();
    agent.destroy();
  };
}
