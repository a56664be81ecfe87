/** What idle sessions and open streams cost an instance. */
import { request as httpRequest, Agent, type ClientRequest } from "node:http";
import { once } from "node:events";
import type { Probe } from "./child.ts";
import { Samples, type Figure } from "./figure.ts";
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

export async function benchSessions({ workspace, packages }: Bench): Promise<Figure[]> {
  const installed = await packages();
  const upstream = await startUpstream(workspace);
  const load = new Load(workspace);
  const taken = {
    rss: new Samples(),
    live: new Samples(),
    stream: new Samples(),
    few: new Samples(),
    many: new Samples(),
    share: new Samples(),
  };
  const start = ({ folder }: { readonly folder: string }): Promise<HttpServer> =>
    startHttpServer(workspace, {
      folder,
      upstream,
      mode: "stateful",
      env: { MCP_MAX_SESSIONS: "20000", MCP_EVENT_STORE: "memory" },
    });

  for (const who of ["ours", "baseline"] as const) {
    const { sessions, streams, first } = SIZES[who];
    workspace.say(`opening ${sessions} sessions and ${streams} streams: ${who}`);
    const [empty, full] = [await start(installed[who]), await start(installed[who])];
    await openSessions(full.url, first);
    const before = await full.child.probe();
    const ids = await openSessions(full.url, sessions);
    const idle = await full.child.probe();
    const close = await openStreams(full, ids.slice(0, streams));
    const open = await full.child.probe();
    taken.rss.add(who, growth(before, idle, "rssBytes", sessions));
    taken.live.add(who, growth(before, idle, "liveBytes", sessions));
    taken.stream.add(who, growth(idle, open, "rssBytes", streams));

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
    close();
    await Promise.all([empty.child.stop(), full.child.stop()]);
  }
  await load.stop();

  const { ours, baseline } = SIZES;
  const counts = `${ours.sessions.toLocaleString("en")} sessions (${baseline.sessions} of the baseline's)`;
  const streams = `${ours.streams.toLocaleString("en")} GET streams (${baseline.streams} of the baseline's)`;
  return [
    {
      id: "sessions.rss",
      name: "memory of an idle session",
      unit: "kB",
      samples: taken.rss.all,
      how: `growth of the resident set over ${counts}, each initialized and left, by their number; ${ours.first.toLocaleString("en")} (${baseline.first}) were opened before.`,
    },
    {
      id: "sessions.live",
      name: "of it alive",
      unit: "kB",
      samples: taken.live.all,
      how: "the same for heap and buffers after a collection.",
    },
    {
      id: "sessions.stream",
      name: "memory of an open stream",
      unit: "kB",
      samples: taken.stream.all,
      how: `growth of the resident set over ${streams}, socket included.`,
    },
    {
      id: "sessions.few",
      name: `tools/call in ${CONNECTIONS} sessions`,
      unit: "req/s",
      samples: taken.few.all,
      how: `${CONNECTIONS} connections in as many sessions, nothing else open.`,
    },
    {
      id: "sessions.many",
      name: "tools/call among all sessions and streams",
      unit: "req/s",
      samples: taken.many.all,
      how: "the same load on a server with all the sessions and streams open, in turns with the one before.",
    },
    {
      id: "sessions.share",
      name: "among all to alone",
      unit: "count",
      samples: taken.share.all,
      how: "the one before by the one before that, pair by pair: 1 is a call that does not notice the others.",
    },
  ];
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
