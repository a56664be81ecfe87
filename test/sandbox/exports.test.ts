import { beforeAll, beforeEach, expect, it } from "vitest";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { makeSandbox, ok, send } from "./setup.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await makeSandbox();
});
beforeEach(() => sandbox.reset());

const range = { time_of_generation_min: "2026-11-15T00:00:00Z", time_of_generation_max: "2026-11-20T00:00:00Z" };
const make = () =>
  ok(sandbox, "POST", "/logs/exports", {
    body: {
      workspace_id: "production",
      filters: { ...range, ai_model: "gpt-4o" },
      requested_data: ["id", "ai_model", "cost"],
    },
  });
const status = async (id: string) => (await ok(sandbox, "GET", `/logs/exports/${id}`)).status;

it("goes from draft to a file that agrees with the analytics", async () => {
  const { id, total } = await make();
  expect(await status(id)).toBe("draft");
  expect((await send(sandbox, "GET", `/logs/exports/${id}/download`)).status).toBe(400);
  await ok(sandbox, "POST", `/logs/exports/${id}/start`);
  expect([await status(id), await status(id), await status(id)]).toEqual(["in_progress", "in_progress", "success"]);

  const { signed_url } = await ok(sandbox, "GET", `/logs/exports/${id}/download`);
  const file = await send(sandbox, "GET", new URL(signed_url).pathname, { key: "" });
  const rows = String(file.body)
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(rows).toHaveLength(total);
  expect(rows.every((row) => Object.keys(row).join() === "id,ai_model,cost" && row.ai_model === "gpt-4o")).toBe(true);

  const { summary } = await ok(
    sandbox,
    "GET",
    `/analytics/graphs/requests?workspace_slug=production&ai_org_model=openai__gpt-4o&${new URLSearchParams(range).toString()}`,
  );
  expect(total).toBe(summary.total);
});

it("stops when cancelled and can be started again", async () => {
  const { id } = await make();
  await ok(sandbox, "POST", `/logs/exports/${id}/start`);
  await ok(sandbox, "POST", `/logs/exports/${id}/cancel`);
  expect(await status(id)).toBe("stopped");
  expect((await send(sandbox, "POST", `/logs/exports/${id}/cancel`)).status).toBe(400);
  await ok(sandbox, "POST", `/logs/exports/${id}/start`);
  expect(await status(id)).toBe("in_progress");
});

it("changes as a draft, and counts anew", async () => {
  const { id, total } = await make();
  const changed = await ok(sandbox, "PUT", `/logs/exports/${id}`, { body: { filters: range } });
  expect(changed.total).toBeGreaterThan(total);
  await ok(sandbox, "POST", `/logs/exports/${id}/start`);
  expect((await send(sandbox, "PUT", `/logs/exports/${id}`, { body: { filters: range } })).status).toBe(400);
});

it("has no file under a guessed name", async () => {
  expect((await send(sandbox, "GET", "/__sandbox/exports/nothing.jsonl")).status).toBe(404);
});
