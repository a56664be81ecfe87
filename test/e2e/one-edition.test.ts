/** A process reads the data of the edition that it serves, and none of the other's. V8 says what was loaded. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { call, INITIALIZE, useBuiltServer } from "./built-server.ts";

const server = useBuiltServer();
const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

/** The texts of the build's files that a process loaded. */
async function loadedBy(env: Readonly<Record<string, string>>, use: readonly ReturnType<typeof call>[]) {
  const folder = await mkdtemp(join(tmpdir(), "coverage-"));
  folders.push(folder);
  const running = server.start(["--sandbox"], { ...env, NODE_V8_COVERAGE: folder });
  running.send(INITIALIZE, { method: "notifications/initialized" });
  await running.answer(0);
  running.send(...use);
  const answers = await Promise.all(use.map(({ ["id"]: id }) => running.answer(id)));
  await running.end();
  const reports = await Promise.all((await readdir(folder)).map((file) => readFile(join(folder, file), "utf8")));
  const urls = reports.flatMap((text) => (JSON.parse(text) as { result: { url: string }[] }).result);
  const own = [...new Set(urls.map(({ url }) => url))].filter((url) => url.startsWith("file:"));
  const texts = await Promise.all(own.map((url) => readFile(fileURLToPath(url), "utf8")));
  return { answers, text: texts.join("\n") };
}

/** What stands in an edition's data only. */
const MARKS = { portkey: "/prompts/{promptId}/makeDefault", airs: "/admin/v2/guardrails/{guardrailId}" };

test.each([
  ["airs", "portkey"],
  ["portkey", "airs"],
] as const)("under %s nothing of %s is loaded, whatever is asked", async (edition, other) => {
  const config = { strategy: { mode: "single" }, targets: [{ provider: "@a", wieght: 1 }] };
  const checks = [{ id: "default.wordCount", parameters: { minWord: 1 } }];
  const { answers, text } = await loadedBy({ PORTKEY_EDITION: edition }, [
    call(1, "describe_tool", { name: "create_config" }),
    call(2, "describe_tool", { name: "create_guardrail", path: "checks:default.wordCount" }),
    call(3, "create_config", { name: "a", config, dry_run: true }),
    call(4, "create_guardrail", { name: "a", checks, actions: {}, dry_run: true }),
    call(5, "list_guardrails"),
    { id: 6, method: "resources/read", params: { uri: "portkey://tools/create_guardrail" } },
    { id: 7, method: "tools/list", params: {} },
  ]);
  expect(answers.filter((answer) => "error" in answer)).toEqual([]);
  expect(JSON.stringify(answers[2])).toContain("did you mean weight?");
  expect(JSON.stringify(answers[3])).toContain("minWord");
  expect(text).toContain(MARKS[edition]);
  expect(text).not.toContain(MARKS[other]);
});
