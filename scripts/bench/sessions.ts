/** Measures the cost of idle sessions and open streams of an instance. */
import { request as httpRequest, Agent, type ClientRequest } from "node:http";
import { once } from "node:events";
import type { Probe } from "./child.ts";
import { Samples, type Figure, type Measure } from "./figure.ts";
import { startHttpServer, type HttpServer } from "./http-server.ts";
import { Load, perSecond, type Job, type JobResult } from "./load.ts";
import { openSessions, wireRequest } from "./mcp-request.ts";
import type { Bench } from "./section-context.ts";
import { CALL, startUpstream } from "./upstream.ts";

interface Size {
  readonly sessions: number;
  readonly streams: number;
  /** Sessions opened before the first look at memory: what any needs is there then, and the heap has its size. */
  readonly first: number;
}

/** The baseline keeps a server for each session; as many as ours has would not fit this machine. */
const SIZES: Readonly<Record<"ours" | "baseline", Size>> = {
  ours: { sessions: 10_000, streams: 1_000, first: 2_000 },
  baseline: { sessions: 200, streams: 100, first: 50 },
};
const CONNECTIONS = 16;

type Measured = keyof typeof SIZES;

const newSamples = () => ({
  rss: new Samples(),
  live: new Samples(),
  stream: new Samples(),
  few: new Samples(),
  many: new Samples(),
  share: new Samples(),
});
type Taken = ReturnType<typeof newSamples>;

const { ours, baseline } = SIZES;
const counts = `${ours.sessions.toLocaleString("en")} sessions (${baseline.sessions} of the baseline's)`;
const streams = `${ours.streams.toLocaleString("en")} GET streams (${baseline.streams} of the baseline's)`;

const MEASURES = {
  rss: {
    id: "sessions.rss",
    name: "memory of an idle session",
    unit: "kB",
    how:
      `growth of the resident set over ${counts}, each initialized and left, by their number; ` +
      `${ours.first.toLocaleString("en")} (${baseline.first}) were opened before.`,
  },
  live: {
    id: "sessions.live",
    name: "of it alive",
    unit: "kB",
    how: "the same for heap and buffers after a collection.",
  },
  stream: {
    id: "sessions.stream",
    name: "memory of an open stream",
    unit: "kB",
    how: `growth of the resident set over ${streams}, socket included.`,
  },
  few: {
    id: "sessions.few",
    name: `tools/call in ${CONNECTIONS} sessions`,
    unit: "req/s",
    how: `${CONNECTIONS} connections in as many sessions, nothing else open.`,
  },
  many: {
    id: "sessions.many",
    name: "tools/call among all sessions and streams",
    unit: "req/s",
    how: "the same load on a server with all the sessions and streams open, in turns with the one before.",
  },
  share: {
    id: "sessions.share",
    name: "among all to alone",
    unit: "count",
    how: "the one before by the one before that, pair by pair: 1 is a call that does not notice the others.",
  },
} as const satisfies Record<string, Measure>;

export async function benchSessions({ workspace, packages }: Bench): Promise<Figure[]> {
  const installed = await packages();
  const upstream = await startUpstream(workspace);
  const load = new Load(workspace);
  const taken = newSamples();
  const start = ({ folder }: { readonly folder: string }): Promise<HttpServer> =>
    startHttpServer(workspace, {
      folder,
      upstream,
      mode: "stateful",
      env: { MCP_MAX_SESSIONS: "20000", MCP_EVENT_STORE: "memory" },
    });

  for (const who of ["ours", "baseline"] as const) {
    const { sessions, streams } = SIZES[who];
    workspace.say(`opening ${sessions} sessions and ${streams} streams: ${who}`);
    const [empty, full] = [await start(installed[who]), await start(installed[who])];
    const close = await fill(full, who, taken);
    await compareLoads({ workspace, load, empty, full }, who, taken);
    close();
    await Promise.all([empty.child.stop(), full.child.stop()]);
  }
  await load.stop();

  return [
    { ...MEASURES.rss, samples: taken.rss.all },
    { ...MEASURES.live, samples: taken.live.all },
    { ...MEASURES.stream, samples: taken.stream.all },
    { ...MEASURES.few, samples: taken.few.all },
    { ...MEASURES.many, samples: taken.many.all },
    { ...MEASURES.share, samples: taken.share.all },
  ];
}

/** Opens the contender's sessions and streams, and takes their memory; returns what closes the streams. */
async function fill(server: HttpServer, who: Measured, taken: Taken): Promise<() => void> {
  const { sessions, streams, first } = SIZES[who];
  await openSessions(server.url, first);
  const before = await server.child.probe();
  const ids = await openSessions(server.url, sessions);
  const idle = await server.child.probe();
  const close = await openStreams(server, ids.slice(0, streams));
  const open = await server.child.probe();
  taken.rss.add(who, growth(before, idle, "rssBytes", sessions));
  taken.live.add(who, growth(before, idle, "liveBytes", sessions));
  taken.stream.add(who, growth(idle, open, "rssBytes", streams));
  return close;
}

interface Compared {
  readonly workspace: Bench["workspace"];
  readonly load: Load;
  readonly empty: HttpServer;
  readonly full: HttpServer;
}

/** The same load on a server with nothing else open and on one with everything, in turns. */
async function compareLoads({ workspace, load, empty, full }: Compared, who: Measured, taken: Taken): Promise<void> {
  const seconds = workspace.quick ? 1 : 4;
  const [alone, among] = [await jobOf(empty, seconds), await jobOf(full, seconds)];
  for (let round = 0; round < (workspace.quick ? 2 : 6); round++) {
    const [[without], [within]] = [await load.run(alone), await load.run(among)] as [[JobResult], [JobResult]];
    // Code that has not run before is slow once.
    if (round === 0) continue;
    taken.few.add(who, perSecond(without));
    taken.many.add(who, perSecond(within));
    taken.share.add(who, perSecond(within) / perSecond(without));
  }
}

async function jobOf({ url }: HttpServer, seconds: number): Promise<Job> {
  const requests = (await openSessions(url, CONNECTIONS)).map((id) => wireRequest("legacy", "tools/call", CALL, id));
  return { url, connections: CONNECTIONS, seconds, requests };
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
    const [answer] = (await once(request, "response", { signal: AbortSignal.timeout(10_000) })) as [
      { statusCode: number; resume(): void },
    ];
    if (answer.statusCode !== 200) throw new Error(`A stream was answered with ${answer.statusCode}.`);
    answer.resume();
  }
  return () => {
    for (const request of open) request.destroy();
    agent.destroy();
  };
}
