/** The evaluation's own run: the scripted agent does every ninth task through the built server; `npm run eval` all. */
import { build } from "esbuild";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runTask } from "../../scripts/eval/run-task.ts";
import { readTasks } from "../../scripts/eval/task.ts";
import { useBuiltServer } from "../e2e/built-server.ts";
import { isLong } from "../size.ts";

const path = (name: string) => fileURLToPath(new URL(`../../scripts/eval/${name}`, import.meta.url));
const server = useBuiltServer();
let folder: string;

// Bundled once: compiling the agent for every task would take longer than the tasks.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "agent-"));
  const banner = 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';
  await build({
    entryPoints: [path("scripted-agent.ts")],
    outfile: join(folder, "agent.mjs"),
    bundle: true,
    platform: "node",
    format: "esm",
    banner: { js: banner },
    logLevel: "error",
  });
  await copyFile(path("tasks.yaml"), join(folder, "tasks.yaml"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
const options = () => ({
  agent: `"${process.execPath}" "${join(folder, "agent.mjs")}"`,
  server: [process.execPath, server.path()],
  timeoutMs: 60_000,
});

describe("a task is done by its solution", { concurrent: true }, () => {
  const some = readTasks().filter((_task, index) => index % (isLong ? 1 : 9) === 0);
  test.each(some.map((task) => [task.id, task] as const))("%s", { timeout: 90_000 }, async (_id, task) => {
    const { failed, calls } = await runTask(task, options());
    expect(failed).toEqual([]);
    expect(calls.filter((call) => call.failed)).toEqual([]);
  });
});
