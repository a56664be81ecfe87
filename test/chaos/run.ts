/**
 * The chaos test: a real Redis, real server processes, a balancer with faults, and clients that resume, while instances
 * are killed and paused and Redis is restarted and paused. Returns the figures; nothing may be lost, doubled or
 * unended.
 */
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startRedis } from "../http/redis/redis-server.ts";
import { createRandom } from "../../src/sandbox/state/ids.ts";
import { startBalancer, type Balancer } from "./balancer.ts";
import { startFaults, type Victims } from "./faults.ts";
import { buildInstance, serverProcess, type ServerProcess } from "./instances.ts";
import { judge, judgeReplay } from "./judge.ts";
import type { Course } from "./course.ts";
import type { ClientFigures } from "./requests.ts";
import { StubbornClient } from "./stubborn-client.ts";
import { freePort } from "../free-port.ts";

export interface ChaosSettings {
  readonly calls: number;
  readonly instances: number;
  /** Calls that run at once. */
  readonly atOnce: number;
  readonly steps: number;
  readonly delayMs: number;
  /** Between two faults. */
  readonly faultMs: number;
  readonly seed: number;
  readonly say?: (line: string) => void;
}

export interface ChaosFigures {
  readonly calls: number;
  readonly results: number;
  readonly outcomeUnknown: number;
  readonly unkept: number;
  /** Calls of which their client saw more than the store, because their instance died in between. */
  readonly cutShort: number;
  readonly events: number;
  readonly resumptions: number;
  readonly silences: number;
  readonly storeAway: number;
  readonly unaccepted: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly connections: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** What went wrong; empty where all went as it must. */
  readonly wrong: readonly string[];
}

const LEASE = { heartbeatMs: 250, leaseMs: 1_500, keepAliveMs: 250, commandMs: 400 };
const SILENCE_MS = 1_500;

/** Runs it to its end; rejects only where the test itself cannot go on. */
export async function runChaos(settings: ChaosSettings): Promise<ChaosFigures> {
  const random = createRandom(settings.seed);
  const stage = await startStage(settings, random);
  const faults = startFaults(stage, settings.faultMs, random);
  const started = performance.now();
  try {
    const play: Play = { settings, url: stage.balancer.url, figures: noFigures(), courses: [], wrong: [] };
    await callAll(play);
    await faults.stop();
    settings.say?.("all calls have ended; what is kept of them is read again");
    const judged = await judgeAll(play, countRuns(stage.runs));
    return {
      calls: settings.calls,
      ...judged,
      ...play.figures,
      faults: faults.counts,
      connections: stage.balancer.figures,
      wrong: play.wrong,
      events: play.courses.reduce((sum, { events }) => sum + events.length, 0),
      seconds: Math.round((performance.now() - started) / 1000),
    };
  } finally {
    await faults.stop();
    await stage.close();
  }
}

interface Stage extends Victims {
  readonly balancer: Balancer;
  /** Where each run of the tool is written down. */
  readonly runs: string;
  close(): Promise<void>;
}

async function startStage(settings: ChaosSettings, random: () => number): Promise<Stage> {
  const directory = await mkdtemp(join(tmpdir(), "chaos-"));
  const runs = join(directory, "runs");
  const redis = await startRedis({ keep: true });
  const file = await buildInstance(directory);
  const instances: ServerProcess[] = [];
  for (let index = 0; index < settings.instances; index += 1)
    instances.push(serverProcess(file, { redisUrl: redis.url, port: await freePort(), runs, ...LEASE }));
  await Promise.all(instances.map((instance) => instance.start()));
  const ports = instances.map(({ port }) => port);
  const balancer = await startBalancer(ports, { slow: 0.2, delayMs: 40, halfOpen: 0.1 }, random);
  return {
    redis,
    instances,
    balancer,
    runs,
    async close() {
      await balancer.close();
      await Promise.all(instances.map((instance) => instance.stop("SIGKILL")));
      await redis.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** What is known so far. */
interface Play {
  readonly settings: ChaosSettings;
  readonly url: string;
  readonly figures: ClientFigures;
  readonly courses: Course[];
  readonly wrong: string[];
}

function noFigures(): ClientFigures {
  return { resumptions: 0, silences: 0, storeAway: 0, unaccepted: 0 };
}

/** Makes every call, several clients at once. */
async function callAll({ settings, url, figures, courses, wrong }: Play): Promise<void> {
  const { calls, atOnce, steps, delayMs, say } = settings;
  async function work(worker: number): Promise<void> {
    const client = new StubbornClient(url, SILENCE_MS, figures);
    await client.open();
    for (let index = worker; index < calls; index += atOnce) {
      try {
        courses.push(await client.call(`call-${index}`, steps, delayMs));
      } catch (error) {
        wrong.push(String(error));
      }
      if (courses.length % 100 === 0) say?.(`${courses.length} of ${calls} calls have ended`);
    }
  }
  await Promise.all(Array.from({ length: atOnce }, (_, worker) => work(worker)));
  if (courses.length !== calls) wrong.push(`${calls - courses.length} calls have not ended`);
}

type Judged = Pick<ChaosFigures, "results" | "outcomeUnknown" | "unkept" | "cutShort">;

/** Holds what clients saw against what ran, and what is kept against what clients saw. */
async function judgeAll({ settings, url, courses, wrong }: Play, ran: ReadonlyMap<string, number>): Promise<Judged> {
  const judged = { results: 0, outcomeUnknown: 0, unkept: 0, cutShort: 0 };
  const reader = new StubbornClient(url, SILENCE_MS, noFigures());
  const unread = [...courses];
  async function read(): Promise<void> {
    for (let course = unread.pop(); course !== undefined; course = unread.pop()) {
      const { ending, faults } = judge(course, ran);
      if (ending === "result") judged.results += 1;
      if (ending === "outcome unknown") judged.outcomeUnknown += 1;
      if (course.firstId === "") judged.unkept += 1;
      const kept = course.firstId === "" ? undefined : judgeReplay(course, await reader.replay(course));
      if (kept?.cutShort === true) judged.cutShort += 1;
      for (const fault of [...faults, ...(kept?.faults ?? [])]) wrong.push(`${course.name}: ${fault}`);
    }
  }
  await Promise.all(Array.from({ length: settings.atOnce }, read));
  return judged;
}

function countRuns(path: string): Map<string, number> {
  const counts = new Map<string, number>();
  if (!existsSync(path)) return counts;
  for (const name of readFileSync(path, "utf8").split("\n")) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
