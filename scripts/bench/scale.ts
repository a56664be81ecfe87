/** One, two and four instances with one Redis. */
import { startBare } from "./bare.ts";
import type { Child } from "./child.ts";
import { Samples, type Contender, type Figure } from "./figure.ts";
import { startHttpServer } from "./http-server.ts";
import { Load, perSecond } from "./load.ts";
import { openSessions, wireRequest, type WireRequest } from "./mcp-request.ts";
import { countsBetween, hasRedis, startRedis, type BenchRedis } from "./redis.ts";
import { rounds } from "./rounds.ts";
import type { Bench } from "./section-context.ts";
import { CALL, startUpstream } from "./upstream.ts";

const INSTANCES = [1, 2, 4] as const;
/** Of each instance. */
const CONNECTIONS = 16;
/** Calls per second to each instance where the load is given: few enough that four of them do not fill two cores. */
const PACE = 150;

interface Instance {
  readonly url: string;
  readonly child: Child;
  readonly requests: readonly WireRequest[];
}

interface Fleet {
  readonly who: Contender;
  readonly instances: readonly Instance[];
}

interface Loaded {
  readonly calls: number;
  readonly perCallCpu: number;
  readonly rate: number;
}

export async function benchScale(bench: Bench): Promise<Figure[]> {
  const { workspace } = bench;
  if (!(await hasRedis())) {
    workspace.say("no redis-server on the PATH: scale is left out");
    return [];
  }
  const load = new Load(workspace);
  const redis = await startRedis(workspace);
  const upstream = await startUpstream(workspace);
  const fleets = [...(await startOurs(bench, upstream, redis)), ...(await startBareFleets(bench, upstream))];
  const seconds = workspace.quick ? 1 : 4;

  workspace.say(`loading ${INSTANCES.join(", ")} instances, in turns`);
  const rates = new Map(INSTANCES.map((count) => [count as number, new Samples()]));
  const costs = new Map(INSTANCES.map((count) => [count as number, { ours: [] as number[], bare: [] as number[] }]));
  await rounds(workspace.quick ? 2 : 6, fleets, async ({ who, instances }, round) => {
    const { rate } = await loadFleet(instances, load, { seconds });
    const { perCallCpu } = await loadFleet(instances, load, { seconds, rate: PACE });
    if (round === 0) return;
    rates.get(instances.length)?.add(who, rate);
    costs.get(instances.length)?.[who as "ours" | "bare"].push(perCallCpu);
  });
  const asked = await redisPerCall(fleets[0] as Fleet, load, redis, seconds);
  for (const { child } of fleets.flatMap(({ instances }) => instances)) await child.stop();
  await Promise.all([load.stop(), redis.stop()]);

  return figuresOf(rates, costs, asked);
}

type Asked = Awaited<ReturnType<typeof redisPerCall>>;
type Costs = ReadonlyMap<number, Record<"ours" | "bare", number[]>>;

/** `rates` and `costs` by the number of instances. */
function figuresOf(rates: ReadonlyMap<number, Samples>, costs: Costs, asked: Asked): Figure[] {
  const alone = costs.get(1) as Record<"ours" | "bare", number[]>;
  return [
    ...INSTANCES.map((count): Figure => ({
      id: `scale.rate.${count}`,
      name: `tools/call with Redis, ${count} instance${count > 1 ? "s" : ""}`,
      unit: "req/s",
      samples: rates.get(count)?.all ?? {},
      how:
        `${CONNECTIONS} connections to each instance, in sessions that were opened on another one; bare Fastify ` +
        "asks the same upstream and knows no Redis. Load, upstream and Redis share the cores with them, so that " +
        "this is the machine's limit.",
    })),
    ...INSTANCES.slice(1).map((count): Figure => {
      const cost = costs.get(count) as Record<"ours" | "bare", number[]>;
      const toAlone = (who: "ours" | "bare") => cost[who].map((value, round) => value / (alone[who][round] as number));
      return {
        id: `scale.cpu.${count}`,
        name: `CPU of a call, ${count} instances to 1`,
        unit: "count",
        samples: { ours: toAlone("ours"), bare: toAlone("bare") },
        how:
          `CPU time of all instances by the calls they answered at ${PACE} calls per second each, as a multiple of ` +
          "one instance's: 1 is linear. Bare Fastify, which shares nothing, tells what more processes cost on these " +
          "cores anyway.",
      };
    }),
    ...redisFigures(asked),
  ];
}

function redisFigures({ operations, cpuMs }: Asked): Figure[] {
  const counts = operations.map(([name, count]) => `${name} ${count.toFixed(2)}`);
  return [
    {
      id: "scale.redis",
      name: "Redis operations per call",
      unit: "count",
      samples: { ours: [operations.reduce((sum, [, count]) => sum + count, 0)] },
      how: `INFO commandstats before and after, by the calls: ${counts.join(", ")}.`,
    },
    {
      id: "scale.redis.cpu",
      name: "Redis's CPU of a call",
      unit: "ms CPU",
      samples: { ours: [cpuMs] },
      how: "INFO cpu before and after, by the calls.",
    },
  ];
}

async function startOurs({ workspace, packages }: Bench, upstream: string, redis: BenchRedis): Promise<Fleet[]> {
  const { folder } = (await packages()).ours;
  const env = { MCP_REDIS_URL: redis.url, MCP_EVENT_STORE: "redis" };
  const servers = [];
  for (let index = 0; index < Math.max(...INSTANCES); index++) {
    servers.push(await startHttpServer(workspace, { folder, upstream, mode: "stateful", env }));
  }
  const fleets: Fleet[] = [];
  for (const count of INSTANCES) {
    const used = servers.slice(0, count);
    const opened = await Promise.all(used.map(({ url }) => openSessions(url, CONNECTIONS)));
    const instances = used.map(({ url, child }, index) => {
      const elsewhere = opened[(index + 1) % count] as string[];
      return { url, child, requests: elsewhere.map((id) => wireRequest("legacy", "tools/call", CALL, id)) };
    });
    fleets.push({ who: "ours", instances });
  }
  return fleets;
}

async function startBareFleets({ workspace }: Bench, upstream: string): Promise<Fleet[]> {
  const started = await Promise.all(
    Array.from({ length: Math.max(...INSTANCES) }, () => startBare(workspace, upstream)),
  );
  const instances = started.map(({ origin, child }) => ({
    url: `${origin}/call`,
    child,
    requests: [wireRequest("legacy", "tools/call", CALL)],
  }));
  return INSTANCES.map((count) => ({ who: "bare", instances: instances.slice(0, count) }));
}

async function loadFleet(
  instances: readonly Instance[],
  load: Load,
  how: { readonly seconds: number; readonly rate?: number },
): Promise<Loaded> {
  const cpuNow = async () =>
    (await Promise.all(instances.map(({ child }) => child.probe()))).reduce((sum, { cpuMs }) => sum + cpuMs, 0);
  const before = await cpuNow();
  const results = await load.run(
    ...instances.map(({ url, requests }) => ({ ...how, url, requests, connections: CONNECTIONS })),
  );
  const after = await cpuNow();
  const calls = results.reduce((sum, { total }) => sum + total, 0);
  return {
    calls,
    perCallCpu: (after - before) / calls,
    rate: results.reduce((sum, result) => sum + perSecond(result), 0),
  };
}

async function redisPerCall({ instances }: Fleet, load: Load, redis: BenchRedis, seconds: number) {
  const [before, cpuBefore] = [await redis.commands(), await redis.cpuMs()];
  const { calls } = await loadFleet(instances, load, { seconds });
  const [after, cpuAfter] = [await redis.commands(), await redis.cpuMs()];
  return {
    operations: countsBetween(before, after).map(([name, count]): [string, number] => [name, count / calls]),
    cpuMs: (cpuAfter - cpuBefore) / calls,
  };
}
