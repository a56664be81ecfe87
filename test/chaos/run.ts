/**
 * The chaos test: a real Redis, real server processes, a balancer with faults, and clients that resume, while instances
 * are killed and paused and Redis is restarted and paused. Returns the figures; nothing may be lost, doubled or
 * unended.
 */
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { startRedis } from "../http/redis/redis-server.ts";
import { startBalancer } from "./balancer.ts";
import { buildInstance, serverProcess, type ServerProcess } from "./instances.ts";
import { judge, judgeReplay } from "./judge.ts";
import { StubbornClient, type Course } from "./stubborn-client.ts";
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
  const { calls, atOnce, say = () => undefined } = settings;
  const random = seeded(settings.seed);
  const directory = await mkdtemp(join(tmpdir(), "chaos-"));
  const runs = join(directory, "runs");
  const redis = await startRedis({ keep: true });
  const file = await buildInstance(directory);
  const instances: ServerProcess[] = [];
  for (let index = 0; index < settings.instances; index += 1)
    instances.push(serverProcess(file, { redisUrl: redis.url, port: await freePort(), runs, ...LEASE }));
  await Promise.all(instances.map((instance) => instance.start()));
  const balancer = await startBalancer(
    instances.map(({ port }) => port),
    { slow: 0.2, delayMs: 40, halfOpen: 0.1 },
    random,
  );
  const figures = { resumptions: 0, silences: 0, storeAway: 0, unaccepted: 0 };
  const faults: Record<string, number> = {};
  const wrong: string[] = [];
  const courses: Course[] = [];
  const started = performance.now();
  let over = false;

  const pick = () => instances[Math.floor(random() * instances.length)] as ServerProcess;
  const FAULTS: Readonly<Record<string, () => Promise<void>>> = {
    "instances killed": async () => {
      const instance = pick();
      await instance.stop("SIGKILL");
      await delay(200 + random() * 800);
      await instance.start();
    },
    "instances stopped in order": async () => {
      const instance = pick();
      await instance.stop("SIGTERM");
      await instance.start();
    },
    "instances paused": async () => {
      const instance = pick();
      instance.pause();
      await delay(200 + random() * 3_000);
      instance.unpause();
    },
    "Redis killed": async () => {
      await redis.stop("SIGKILL");
      await delay(random() * 1_000);
      await redis.start();
    },
    "Redis paused": async () => {
      redis.pause();
      await delay(200 + random() * 2_000);
      redis.unpause();
    },
  };

  async function misbehave(): Promise<void> {
    const names = Object.keys(FAULTS);
    for (let turn = 0; !over; turn += 1) {
      await delay(settings.faultMs * (0.5 + random()));
      if (over) return;
      // Each kind in turn, killing an instance every other time.
      const name = (turn % 2 === 0 ? names[0] : names[1 + (((turn - 1) / 2) % (names.length - 1))]) as string;
      faults[name] = (faults[name] ?? 0) + 1;
      await FAULTS[name]?.();
    }
  }

  async function work(worker: number): Promise<void> {
    const client = new StubbornClient(balancer.url, SILENCE_MS, figures);
    await client.open();
    for (let index = worker; index < calls; index += atOnce) {
      try {
        courses.push(await client.call(`call-${index}`, settings.steps, settings.delayMs));
      } catch (error) {
        wrong.push(String(error));
      }
      if (courses.length % 100 === 0) say(`${courses.length} of ${calls} calls have ended`);
    }
  }

  let results = 0;
  let outcomeUnknown = 0;
  let unkept = 0;
  let cutShort = 0;
  try {
    const chaos = misbehave();
    await Promise.all(Array.from({ length: atOnce }, (_, worker) => work(worker)));
    over = true;
    await chaos;
    say("all calls have ended; what is kept of them is read again");
    const ran = countRuns(runs);
    const reader = new StubbornClient(balancer.url, SILENCE_MS, { ...figures });
    const unread = [...courses];
    const read = async (): Promise<void> => {
      for (let course = unread.pop(); course !== undefined; course = unread.pop()) {
        const { ending, faults: found } = judge(course, ran);
        if (ending === "result") results += 1;
        if (ending === "outcome unknown") outcomeUnknown += 1;
        if (course.firstId === "") unkept += 1;
        const kept = course.firstId === "" ? undefined : judgeReplay(course, await reader.replay(course));
        if (kept?.cutShort === true) cutShort += 1;
        for (const fault of [...found, ...(kept?.faults ?? [])]) wrong.push(`${course.name}: ${fault}`);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, read));
    if (courses.length !== calls) wrong.push(`${calls - courses.length} calls have not ended`);
  } finally {
    over = true;
    await balancer.close();
    await Promise.all(instances.map((instance) => instance.stop("SIGKILL")));
    await redis.close();
    await rm(directory, { recursive: true, force: true });
  }
  return {
    calls,
    results,
    outcomeUnknown,
    unkept,
    cutShort,
    ...figures,
    faults,
    connections: balancer.figures,
    wrong,
    events: courses.reduce((sum, { events }) => sum + events.length, 0),
    seconds: Math.round((performance.now() - started) / 1000),
  };
}

function countRuns(path: string): Map<string, number> {
  const counts = new Map<string, number>();
  if (!existsSync(path)) return counts;
  for (const name of readFileSync(path, "utf8").split("\n")) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** Repeats the same decisions for the same seed; what the kernel does with them still differs. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
