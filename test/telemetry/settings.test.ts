/** The settings of OpenTelemetry: what is loaded and sent by each. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { copyBuilt } from "../e2e/build-once.ts";
import { INITIALIZE } from "../e2e/built-server.ts";
import { listConfigs, SOON, settingsFor, TRACE, traceparent, useTracedServer } from "./traced-server.ts";

const { server, collector, portkey } = useTracedServer();

/** A bundle without the part that sends. */
let without: string;
beforeAll(async () => {
  without = await mkdtemp(join(tmpdir(), "without-telemetry-"));
  await copyBuilt(without);
  const chunks = await readdir(join(without, "chunks"));
  const chunk = chunks.find((name) => name.startsWith("telemetry-")) as string;
  await rm(join(without, "chunks", chunk));
});
afterAll(() => rm(without, { recursive: true, force: true }));

describe("settings", () => {
  test.each<[string, Record<string, string>, RegExp]>([
    ["none", {}, /^$/],
    ["disabled", { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1", OTEL_SDK_DISABLED: "true" }, /^$/],
    ["a name alone", { OTEL_SERVICE_NAME: "x", OTEL_TRACES_SAMPLER: "always_on" }, /^$/],
    [
      "gRPC",
      { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4317", OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" },
      /OTEL_EXPORTER_OTLP_PROTOCOL is .{1,3}grpc/,
    ],
    ["no URL", { OTEL_EXPORTER_OTLP_ENDPOINT: "collector:4318" }, /OTEL_EXPORTER_OTLP_ENDPOINT must start with http/],
    ["the console", { OTEL_TRACES_EXPORTER: "console" }, /OTEL_TRACES_EXPORTER is .{1,3}console/],
  ])("%s: nothing of it is loaded, and the server works", async (_title, env, warning) => {
    const running = server.start(["--sandbox"], env, join(without, "index.js"));
    running.send(INITIALIZE, listConfigs({ traceparent }));
    const answer = await running.answer(7);
    expect(answer).toHaveProperty("result.content");
    expect(answer).not.toHaveProperty("result._meta.traceparent");
    const { code, stderr } = await running.end();
    expect(code).toBe(0);
    expect(stderr).toMatch(warning);
  });

  test("a sampler that takes nothing still passes the trace on, as not sampled", async () => {
    const seen = await collector();
    const { env, seen: requests } = await portkey();
    const running = server.start([], { ...env, ...settingsFor(seen), OTEL_TRACES_SAMPLER: "always_off" });
    running.send(INITIALIZE, listConfigs({ traceparent }));
    await running.answer(7);
    await running.end();
    expect(requests[0]?.headers["traceparent"]).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
    expect(seen.spans).toEqual([]);
    expect(seen.metrics.length).toBeGreaterThan(0);
  });

  test("only the signals that are asked for are sent", async () => {
    const seen = await collector();
    const { env } = await portkey();
    const running = server.start([], {
      ...env,
      ...SOON,
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${seen.url}/v1/traces`,
    });
    running.send(INITIALIZE, listConfigs());
    await running.answer(7);
    await running.end();
    expect(new Set(seen.requests.map(({ path }) => path))).toEqual(new Set(["/v1/traces"]));
  });
});
