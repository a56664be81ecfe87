/** The evaluation's own run: the scripted agent does every third task through the built server; `npm run eval` all. */
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { runTask } from "../../scripts/eval/run-task.ts";
import { readTasks } from "../../scripts/eval/task.ts";

const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const options = {
  agent: `"${process.execPath}" --import tsx "${path("scripts/eval/scripted-agent.ts")}"`,
  server: [process.execPath, path("build/index.js")],
  timeoutMs: 30_000,
};

describe("a task is done by its solution", { concurrent: true }, () => {
  const some = readTasks().filter((_task, index) => index % 3 === 0);
  test.each(some.map((task) => [task.id, task] as const))("%s", { timeout: 40_000 }, async (_id, task) => {
    const { failed, calls } = await runTask(task, options);
    expect(failed).toEqual([]);
    expect(calls.filter((call) => call.failed)).toEqual([]);
  });
});
