/**
 * npm run test:chaos [-- calls [seed]]: streamed calls while instances are killed, paused and stopped and Redis is
 * killed and paused; then the cost of sessions. Prints the figures; exit code 1 where an event was lost, doubled or out
 * of order, or a call has no end.
 */
import { hasRedis } from "../test/http/redis/redis-server.ts";
import { measureGrowth } from "../test/chaos/growth.ts";
import { runChaos } from "../test/chaos/run.ts";

const [calls = "1000", seed = String(Date.now() % 100_000)] = process.argv.slice(2);
const SESSIONS = 10_000;
const STREAMS = 1_000;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

if (hasRedis) await main();
else say("Skipped: redis-server is not on the PATH.");

async function main(): Promise<void> {
  say(`${calls} calls on 3 instances, seed ${seed}`);
  const { wrong, faults, connections, ...figures } = await runChaos({
    calls: Number(calls),
    seed: Number(seed),
    instances: 3,
    atOnce: 40,
    steps: 20,
    delayMs: 60,
    faultMs: 500,
    say,
  });
  const rows: readonly (readonly [string, number])[] = [
    ["calls", figures.calls],
    ["ended by their result", figures.results],
    ["ended by the explicit error: outcome unknown", figures.outcomeUnknown],
    ["of these begun while Redis was away, not resumable", figures.unkept],
    ["seen in full by their client only: the instance died before Redis was back", figures.cutShort],
    ["events, each once and in order", figures.events],
    ["resumptions with Last-Event-ID", figures.resumptions],
    ["connections given up after silence", figures.silences],
    ["answers 503 while Redis was away", figures.storeAway],
    ["requests that died before their first event, sent anew", figures.unaccepted],
    ...Object.entries(faults),
    ["connections", connections["connections"] ?? 0],
    ["connections slowed down", connections["slow"] ?? 0],
    ["connections gone silent", connections["halfOpen"] ?? 0],
    ["seconds", figures.seconds],
    ["wrong", wrong.length],
  ];
  for (const [name, figure] of rows) say(`${String(figure).padStart(8)}  ${name}`);
  for (const line of wrong.slice(0, 50)) say(`wrong: ${line}`);

  say(`${SESSIONS} sessions opened, used and ended; then as many left open, and ${STREAMS} streams`);
  const growth = await measureGrowth(SESSIONS, STREAMS);
  say(`${kilobytes(growth.kept)}  stayed in memory after all of them had ended`);
  say(`${kilobytes(growth.bytesPerIdleSession)}  for each idle session`);
  say(`${kilobytes(growth.bytesPerStream)}  for each open stream, its client's end included`);
  if (wrong.length > 0) process.exitCode = 1;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1_000).toFixed(1).padStart(8)} kB`;
}
