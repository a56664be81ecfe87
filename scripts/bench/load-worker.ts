/**
 * Loads servers with autocannon from a process of its own. Each line on stdin is a list of jobs that run at the same
 * time; their results are one line on stdout.
 */
import autocannon from "autocannon";
import { createInterface } from "node:readline";
import type { Job, JobResult } from "./load.ts";

async function run({ url, connections, seconds, rate, requests }: Job): Promise<JobResult> {
  let next = 0;
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    ...(rate !== undefined && { overallRate: rate }),
    timeout: 60,
    method: "POST",
    // Every connection is one client: it keeps its own headers, the session's id among them.
    setupClient: (client) => {
      const { headers, body } = requests[next++ % requests.length] as Job["requests"][number];
      client.setHeadersAndBody({ ...headers }, body);
    },
  });
  return {
    total: result.requests.total,
    seconds: result.duration,
    failed: result.errors + result.timeouts + result.non2xx,
    bytes: result.throughput.total,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  const jobs = JSON.parse(line) as Job[];
  process.stdout.write(`${JSON.stringify(await Promise.all(jobs.map(run)))}\n`);
}
