/** Measures one call: over stdio to a local upstream, and in process, without another process or a socket. */
import { join } from "node:path";
import { Bench as Tinybench } from "tinybench";
import { assembleRegistry } from "../../src/cli/assemble-registry.ts";
import { loadEdition, MAIN_EDITION } from "../../src/catalog/editions.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import { silentLog } from "../../src/log/log.ts";
import { median, Samples, type Figure, type Measure } from "./figure.ts";
import { upstreamSettings } from "./http-server.ts";
import { rounds } from "./rounds.ts";
import type { Bench } from "./section-context.ts";
import { StdioClient } from "./stdio-client.ts";
import { CALL, startUpstream } from "./upstream.ts";

const MEASURES = {
  p50: {
    id: "calls.p50",
    name: "tools/call over stdio, median",
    unit: "ms",
    how:
      `200 calls of ${CALL.name} one after the other, from the request's write to its answer; the upstream is a ` +
      "local process.",
  },
  p99: {
    id: "calls.p99",
    name: "tools/call over stdio, 99th",
    unit: "ms",
    how: "the 99th percentile of those calls.",
  },
} as const satisfies Record<string, Measure>;

export async function benchCalls(bench: Bench): Promise<Figure[]> {
  return [...(await measureOverStdio(bench)), ...(await measureInProcess(bench))];
}

async function measureOverStdio({ workspace, packages }: Bench): Promise<Figure[]> {
  const { ours, baseline } = await packages();
  const upstream = await startUpstream(workspace);
  workspace.say("calling a tool over stdio, in turns");
  const contenders = [];
  for (const [who, { folder }] of [
    ["ours", ours],
    ["baseline", baseline],
  ] as const) {
    const child = workspace.start({ args: [join(folder, "build/index.js")], env: upstreamSettings(upstream) });
    const client = new StdioClient(child);
    await client.open();
    contenders.push({ who, client, child });
  }
  const [middle, slow] = [new Samples(), new Samples()];
  await rounds(workspace.quick ? 3 : 11, contenders, async ({ who, client }, round) => {
    const taken: number[] = [];
    for (let call = 0; call < 200; call++) {
      const started = performance.now();
      const { isError } = await client.request("tools/call", CALL);
      taken.push(performance.now() - started);
      if (isError === true) throw new Error(`${who}: the call failed.`);
    }
    // Code that has not run before is slow once.
    if (round === 0) return;
    middle.add(who, median(taken));
    slow.add(who, taken.sort((a, b) => a - b)[Math.floor(taken.length * 0.99)] as number);
  });
  await Promise.all(contenders.map(({ child }) => child.stop()));
  return [
    { ...MEASURES.p50, samples: middle.all },
    { ...MEASURES.p99, samples: slow.all },
  ];
}

/** tinybench in this process: the registry alone, with an upstream that answers from memory. */
async function measureInProcess({ workspace }: Bench): Promise<Figure[]> {
  workspace.say("measuring the registry in this process");
  const catalogue = await loadEdition(MAIN_EDITION);
  const config = loadConfig({ env: upstreamSettings("http://127.0.0.1:9/v1"), flags: {} }, catalogue.records, {
    sandbox: false,
    needsKey: true,
  });
  const registry = assembleRegistry({ config, catalogue, log: silentLog });
  const caller = { principal: "bench", policy: config.policy, credentials: config.credentials };
  const { signal } = new AbortController();
  const tasks = new Tinybench({ time: workspace.quick ? 100 : 1_000, throws: true });
  tasks.add("tools/list text", () => void registry.listTools(caller));
  tasks.add(
    "tools/call, dry run",
    async () => void (await registry.callTool("create_config", DRY_RUN, caller, { signal })),
  );
  tasks.add("catalogue loaded", async () => void (await loadEdition(MAIN_EDITION)));
  await tasks.run();
  return tasks.tasks.map(({ name, result }): Figure => {
    if (result.state !== "completed") throw new Error(`${name} did not complete.`);
    return {
      id: `calls.inside.${name}`,
      name: `inside: ${name}`,
      unit: "ms",
      samples: { ours: [result.latency.p50] },
      how: "tinybench in one process on the sources; the median of its samples.",
    };
  });
}

const DRY_RUN = {
  name: "bench",
  config: { retry: { attempts: 3 }, targets: [{ provider: "openai" }, { provider: "anthropic" }] },
  dry_run: true,
};
