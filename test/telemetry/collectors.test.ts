/** Collectors that fail or are far: calls go on, and it is told. */
import { describe, expect, test } from "vitest";
import { INITIALIZE } from "../e2e/built-server.ts";
import { startForwardProxy } from "../e2e/forward-proxy.ts";
import { listConfigs, settingsFor, findToolSpan, useTracedServer, type Json } from "./traced-server.ts";

const { server, collector, portkey } = useTracedServer();

describe("a collector that fails", () => {
  test.each([
    ["refuses connections", "http://127.0.0.1:1"],
    ["never answers", undefined],
  ])(
    "and %s slows no call, fails none, holds the end for two seconds at most, and is told once",
    async (_title, url) => {
      const silent = await collector(() => undefined);
      const { env } = await portkey();
      const running = server.start([], {
        ...env,
        ...settingsFor(silent),
        OTEL_EXPORTER_OTLP_ENDPOINT: url ?? silent.url,
      });
      running.send(INITIALIZE);
      await running.answer(0);
      const times: number[] = [];
      const answers: unknown[] = [];
      for (let id = 10; id < 60; id++) {
        const started = performance.now();
        running.send({ ...listConfigs(), id });
        answers.push(await running.answer(id));
        times.push(performance.now() - started);
      }
      expect(answers.filter((answer) => (answer as { result?: Json }).result?.["isError"] !== undefined)).toEqual([]);
      expect(times.sort((a, b) => a - b)[25]).toBeLessThan(500);
      const ending = performance.now();
      const { code, stderr } = await running.end();
      expect(performance.now() - ending).toBeLessThan(4_000);
      expect(code).toBe(0);
      const told = stderr.split("\n").filter((line) => line.includes("telemetry does not arrive"));
      expect(told.length).toBeGreaterThan(0);
      expect(new Set(told.map((line) => (JSON.parse(line) as Json)["msg"])).size).toBe(told.length);
    },
  );
});

test("a collector beyond a proxy is reached through it", async () => {
  const seen = await collector();
  const proxy = await startForwardProxy();
  const { env } = await portkey();
  const running = server.start([], {
    ...env,
    ...settingsFor(seen),
    HTTP_PROXY: `http://ann:secret@${proxy.host}`,
    NO_PROXY: new URL(env["PORTKEY_BASE_URL"] ?? "").host,
  });
  running.send(INITIALIZE, listConfigs());
  await running.answer(7);
  expect(await seen.wait(findToolSpan)).toMatchObject({ name: "tools/call list_configs" });
  await running.end();
  await proxy.close();
  expect(proxy.seen).toContainEqual({
    asked: `POST ${seen.url}/v1/traces`,
    authorization: `Basic ${Buffer.from("ann:secret").toString("base64")}`,
  });
});
