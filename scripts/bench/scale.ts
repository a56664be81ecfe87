/** One, two and four instances with one Redis. */
import { Samples, type Figure } from "./figure.ts";
import { startHttpServer, type HttpServer } from "./http-server.ts";
import { Load, perSecond } from "./load.ts";
import { openSessions, wireRequest } from "./mcp-request.ts";
import { countsBetween, hasRedis, startRedis, type BenchRedis } from "./redis.ts";
import { rounds } from "./rounds.ts";
import type { Bench } from "./sections.ts";
import { CALL, startUpstream } from "./upstream.ts";

const INSTANCES = [1, 2, 4] as const;
const CONNECTIONS = 32;

interface Fleet {
  readonly count: number;
  readonly servers: readonly HttpServer[];
  /** Of the sessions, by instance: each was opened on another instance than the one that serves it, where there is one. */
  readonly sessions: readonly (readonly string[])[];
}

export async function benchScale({ workshop, packages }: Bench): Promise<Figure[]> {
  if (!(await hasRedis())) {
    workshop.say("no redis-server on the PATH: scale is left out");
    return [];
  }
  const { ours } = await packages();
  const upstream = await startUpstream(workshop);
  const load = new Load(workshop);
  const redis = await startRedis(workshop);
  const env = { MCP_REDIS_URL: redis.url, MCP_EVENT_STORE: "redis" };
  const servers: HttpServer[] = [];
  for (let index = 0; index < Math.max(...INSTANCES); index++) {
    servers.push(await startHttpServer(workshop, { folder: ours.folder, upstream, mode: "stateful", env }));
  }
  const fleets: Fleet[] = [];
  for (const count of INSTANCES) {
    const used = servers.slice(0, count);
    const opened = await Promise.all(used.map(({ url }) => openSessions(url, CONNECTIONS / count)));
    fleets.push({ count, servers: used, sessions: used.map((_, index) => opened[(index + 1) % count] as string[]) });
  }

  workshop.say(`loading ${INSTANCES.join(", ")} instances, in turns`);
  const throughput = new Map(INSTANCES.map((count) => [count as number, new Samples()]));
  const cpu = new Map(INSTANCES.map((count) => [count as number, [] as number[]]));
  let operations: readonly [string, number][] = [];
  await rounds(workshop.quick ? 2 : 6, fleets, async (fleet, round) => {
    const { perCallCpu, rate, asked } = await loadFleet(fleet, load, redis, workshop.quick ? 1 : 4);
    if (round === 0) return;
    throughput.get(fleet.count)?.add("ours", rate);
    cpu.get(fleet.count)?.push(perCallCpu);
    operations = asked;
  });
  for (const { child } of servers) await child.stop();
  await Promise.all([load.stop(), redis.stop()]);

  const alone = cpu.get(1) as number[];
  const list = operations.map(([name, count]) => `${name} ${count.toFixed(2)}`).join(", ");
  return [
    ...INSTANCES.map((count): Figure => ({
      id: `scale.rate.${count}`,
      name: `tools/call with Redis, ${count} instance${count > 1 ? "s" : ""}`,
      unit: "req/s",
      samples: throughput.get(count)?.all ?? {},
      how: `${CONNECTIONS} connections over the instances, each session served by another instance than the one it was opened on; load, upstream and Redis use the same cores.`,
    })),
    ...INSTANCES.slice(1).map((count): Figure => ({
      id: `scale.cpu.${count}`,
      name: `CPU of a call, ${count} instances to 1`,
      unit: "count",
      samples: { ours: (cpu.get(count) as number[]).map((value, index) => value / (alone[index] as number)) },
      how: "CPU time of all instances by the calls they answered, as a multiple of one instance's: 1 is linear, whatever the cores left over for it.",
    })),
    { id: "scale.redis", name: "Redis operations per call", unit: "count", samples: { ours: [operations.reduce((sum, [, count]) => sum + count, 0)] }, how: `INFO commandstats before and after, by the calls: ${list}.` },
  ];
}

async function loadFleet({ servers, sessions }: Fleet, load: Load, redis: BenchRedis, seconds: number) {
  const jobs = servers.map(({ url }, index) => {
    const requests = (sessions[index] as string[]).map((id) => wireRequest("legacy", "tools/call", CALL, id));
    return { url, connections: requests.length, seconds, requests };
  });
  const cpuNow = async () => (await Promise.all(servers.map(({ child }) => child.probe()))).reduce((sum, { cpuMs }) => sum + cpuMs, 0);
  const [cpuBefore, before] = [await cpuNow(), await redis.commands()];
  const results = await load.run(...jobs);
  const [cpuAfter, after] = [await cpuNow(), await redis.commands()];
  const calls = results.reduce((sum, { total }) => sum + total, 0);
  return {
    perCallCpu: (cpuAfter - cpuBefore) / calls,
    rate: results.reduce((sum, result) => sum + perSecond(result), 0),
    asked: countsBetween(before, after).map(([name, count]) => [name, count / calls] as [string, number]),
  };
}
