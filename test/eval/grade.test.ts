/** The evaluation's own parts: paths, checks, intervals, transcripts. */
import { describe, expect, test } from "vitest";
import { failedChecks, type Outcome } from "../../scripts/eval/grade.ts";
import { pick } from "../../scripts/eval/pick.ts";
import { reportOf, wilson } from "../../scripts/eval/report.ts";
import { readAsAdmin, seedOf } from "../../scripts/eval/run-task.ts";
import { readTasks, type Check } from "../../scripts/eval/task.ts";
import { readTranscript } from "../../scripts/eval/transcript.ts";
import { startSandbox } from "../../src/sandbox/start.ts";

describe("a path", () => {
  const value = {
    data: [
      { name: "Dev", id: "1" },
      { name: "Lab", id: "2", tags: { team: "x" } },
    ],
    "": 0,
  };
  test.each([
    ["", value],
    ["data[name=Lab].id", "2"],
    ["data[0].name", "Dev"],
    ["data[1].tags.team", "x"],
    ["data[name=None].id", undefined],
    ["data.length", 2],
    ["constructor", undefined],
    ["nothing.at.all", undefined],
  ])("%s", (path, part) => {
    expect(pick(value, path)).toEqual(part);
  });
});

describe("a check", () => {
  const outcome: Outcome = {
    read: async (path) => (path === "/things" ? { data: [{ name: "a", tags: ["x", "y"], limit: null }] } : undefined),
    requests: [{ method: "PUT", path: "/v1/things/a", body: { limit: 5, tags: ["x"] } }],
    answer: "It was Claude.",
  };
  const things = { get: "/things" };
  test.each<[string, Check, boolean]>([
    ["a value that is equal", { ...things, at: "data[name=a].limit", is: null }, true],
    ["a value that is not", { ...things, at: "data[name=a].limit", is: 0 }, false],
    ["an item with a member", { ...things, at: "data", has: { tags: ["y"] } }, true],
    ["no item with it", { ...things, at: "data", has: { tags: ["z"] } }, false],
    ["something that is gone", { ...things, at: "data[name=b]", absent: true }, true],
    ["something that is still there", { ...things, at: "data[name=a]", absent: true }, false],
    ["what cannot be read", { get: "/nothing", at: "data", has: {} }, false],
    ["a word in any case", { answer: "claude" }, true],
    ["a word that was not said", { answer: "gpt" }, false],
    ["a request that was made", { request: "made", method: "PUT", path: "/things/", body: { limit: 5 } }, true],
    ["a request with another body", { request: "made", method: "PUT", path: "/things/", body: { limit: 6 } }, false],
    ["a request that must not be made", { request: "never", path: "/things/" }, false],
    ["a request that nobody made", { request: "never", method: "DELETE", path: "." }, true],
  ])("on %s", async (_what, check, holds) => {
    const failed = await failedChecks({ checks: [check] }, outcome);
    expect(failed.length === 0, failed.join()).toBe(holds);
  });
});

test("the interval is Wilson's", () => {
  expect(wilson(20, 24).map((share) => Number(share.toFixed(3)))).toEqual([0.641, 0.933]);
  expect(wilson(0, 10)[0]).toBe(0);
  expect(wilson(10, 10)[1]).toBeCloseTo(1);
});

test("a transcript tells calls, failures and tokens, also of what is no message", () => {
  const row = (from: string, message: unknown) => JSON.stringify({ at: 0, from, line: JSON.stringify(message) });
  const text = [
    row("server", { id: 1, result: { tools: [{ name: "get_thing" }] } }),
    row("client", { id: 2, method: "tools/call", params: { name: "get_thing", arguments: { id: "a" } } }),
    row("server", { id: 2, result: { content: [{ type: "text", text: "no" }], isError: true } }),
    JSON.stringify({ at: 0, from: "server", line: "not a message" }),
    "",
  ].join("\n");
  const { calls, tokens } = readTranscript(text);
  expect(calls).toEqual([{ tool: "get_thing", args: { id: "a" }, text: "no", failed: true }]);
  expect(tokens).toBeGreaterThan(10);
});

test("the report names what was not done", () => {
  const run = { task: "t", answer: "", ms: 1, calls: [], tokens: 100 };
  const runs = [
    { ...run, failed: [] },
    { ...run, failed: ["nothing changed"] },
  ];
  const report = reportOf([{ name: "this server", runs }]);
  expect(report).toContain("| this server | 1 of 2 |");
  expect(report).toContain("- t: nothing changed");
});

describe("the tasks", () => {
  const tasks = readTasks();
  test("are thirty at least", () => expect(tasks.length).toBeGreaterThanOrEqual(30));

  test.each(tasks.map((task) => [task.id, task] as const))("%s is not done by doing nothing", async (_id, task) => {
    const sandbox = await startSandbox({ seed: { resources: seedOf(task) } });
    try {
      const idle: Outcome = { read: (path) => readAsAdmin(sandbox, path), requests: [], answer: "" };
      expect(await failedChecks(task, idle)).not.toEqual([]);
    } finally {
      await sandbox.close();
    }
  });
});
