/** The evaluation's own run: the scripted agent does every third task through the built server; `npm run eval` all. */
import { build } from "esbuild";
import { copyFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { runTask } from "../../scripts/eval/run-task.ts";
import { readTasks } from "../../scripts/eval/task.ts";
import { useBuiltServer } from "../e2e/built-server.ts";

const path = (name: string) => fileURLToPath(new URL(`../../scripts/eval/${name}`, import.meta.url));
const server = useBuiltServer();

// Bundled once: compiling the agent for every task would take longer than the tasks.
beforeAll(async () => {
  const banner = 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';
  await build({
    entryPoints: [path("scripted-agent.ts")],
    outfile: server.path("agent.js"),
    bundle: true,
    platform: "node",
    format: "esm",
    banner: { js: banner },
    logLevel: "error",
  });
  await copyFile(path("tasks.yaml"), server.path("tasks.yaml"));
});
const options = () => ({
  agent: `"${process.execPath}" "${server.path("agent.js")}"`,
  server: [process.execPath, server.path()],
  timeoutMs: 60_000,
});

describe("a task is done by its solution", { concurrent: true }, () => {
  const some = readTasks().filter((_task, index) => index % 3 === 0);
  test.each(some.map((task) => [task.id, task] as const))("%s", { timeout: 90_000 }, async (_id, task) => {
    const { failed, calls } = await runTask(task, options());
    expect(failed).toEqual([]);
    expect(calls.filter((call) => call.failed)).toEqual([]);
  });
});
