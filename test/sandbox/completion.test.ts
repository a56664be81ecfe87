import { beforeAll, beforeEach, expect, it } from "vitest";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { makeSandbox, ok, send, type Options } from "./setup.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await makeSandbox();
});
beforeEach(() => sandbox.reset());

const run = (body: object, options: Options = {}) =>
  send(sandbox, "POST", "/prompts/support-reply-dev/completions", {
    key: sandbox.keys.workspace,
    body: { variables: { question: "Why?" }, ...body },
    ...options,
  });

it("answers in OpenAI's shape with usage and a trace id", async () => {
  const { status, headers, body } = await run({});
  expect(status).toBe(200);
  expect(body).toMatchObject({
    object: "chat.completion",
    model: "gpt-4o-mini",
    choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "Sandbox answer: Why?" } }],
  });
  expect(body.usage.total_tokens).toBe(body.usage.prompt_tokens + body.usage.completion_tokens);
  expect(headers["x-portkey-trace-id"]).toMatch(/^[0-9a-f-]{36}$/);
});

it("gives as many choices as asked for", async () => {
  expect((await run({ n: 3 })).body.choices.map((each: { index: number }) => each.index)).toEqual([0, 1, 2]);
});

it("streams the same words as server-sent events", async () => {
  const { headers, body } = await run({ stream: true });
  expect(headers["content-type"]).toContain("text/event-stream");
  const events = String(body)
    .trim()
    .split("\n\n")
    .map((line) => line.replace("data: ", ""));
  expect(events.at(-1)).toBe("[DONE]");
  const chunks = events.slice(0, -1).map((event) => JSON.parse(event));
  expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("")).toBe("Sandbox answer: Why?");
  expect(chunks.at(-1).usage.total_tokens).toBeGreaterThan(0);
});

it("calls a tool where the prompt demands one", async () => {
  const tools = [{ type: "function", function: { name: "look_up", parameters: {} } }];
  const { body } = await run({ tools, tool_choice: "required" });
  expect(body.choices[0]).toMatchObject({
    finish_reason: "tool_calls",
    message: { content: null, tool_calls: [{ function: { name: "look_up" } }] },
  });
});

it("is logged with its metadata, cost and trace id", async () => {
  const options = {
    headers: {
      "x-portkey-metadata": JSON.stringify({ client_id: "acme", app: "demo", env: "dev" }),
      "x-portkey-trace-id": "trace-of-mine",
    },
  };
  await run({}, options);
  const log = await ok(sandbox, "GET", "/logs/trace-of-mine");
  expect(log.metrics).toMatchObject({
    prompt_slug: "support-reply-dev",
    workspace_slug: "production",
    "metadata.key": ["client_id", "app", "env"],
  });
  const range =
    "workspace_slug=production&time_of_generation_min=2026-11-22T11:59:00Z&time_of_generation_max=2026-11-22T12:01:00Z&trace_id=trace-of-mine";
  expect((await ok(sandbox, "GET", `/analytics/graphs/tokens?${range}`)).summary.total).toBe(log.metrics.total_units);
});

it("refuses metadata that is no JSON object", async () => {
  expect(await run({}, { headers: { "x-portkey-metadata": "[1]" } })).toMatchObject({
    status: 400,
    body: { data: { errorCode: "AB01" } },
  });
});

it("refuses a request without variables", async () => {
  expect(
    (await send(sandbox, "POST", "/prompts/support-reply-dev/completions", { key: sandbox.keys.workspace, body: {} }))
      .body.data.message,
  ).toBe("variables is required.");
});
