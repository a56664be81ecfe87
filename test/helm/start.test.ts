/**
 * Pods as the chart and the plain manifests describe them, started: they become ready, answer under their names in the
 * cluster, and end within their grace without breaking a call.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:https";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { useBuiltServer } from "../e2e/built-server.ts";
import { containerNetwork, type ContainerNetwork, type RunningContainer } from "../e2e/containers.ts";
import { makeTlsFiles, type TlsFiles } from "../e2e/tls-files.ts";
import { openSession, send } from "../e2e/under-a-name.ts";
import { parseDocuments, MANIFESTS, render, whyNotRendered, type Json } from "./chart.ts";
import { containerOf, IMAGE, podOf, type Existing, type Pod, type Probe } from "./pod.ts";
import { whyNoNamespaces } from "../network-namespaces.ts";

const PORTKEY = "api.portkey.ai";
const TOKEN = "a-token-of-some-length";
const SECRET = { PORTKEY_API_KEY: "pk-test", MCP_AUTH_TOKEN: `alice:${TOKEN}` };
const COMPANY_CA = { caCertificates: { configMap: "company-ca" } };
const REACHING = { MCP_AUTH_MODE: "bearer", PORTKEY_ALLOW_PRIVATE_BASE_URL: true };

/** Each name is a pod's. `trusts`: the company's authority, so that calls reach what answers for Portkey here. */
const CASES: readonly { readonly name: string; readonly trusts: boolean; readonly all: () => Json[] }[] = [
  { name: "plain-manifests", trusts: false, all: () => parseDocuments(readFileSync(MANIFESTS, "utf8")) },
  {
    name: "one-replica",
    trusts: true,
    all: () => render({ ...COMPANY_CA, replicas: 1, settings: REACHING, shutdown: { preStop: 1, drain: 5 } }),
  },
  {
    name: "stateless",
    trusts: false,
    all: () =>
      render({
        shutdown: { preStop: 0, drain: 5 },
        settings: { MCP_AUTH_MODE: "bearer", MCP_SESSION_MODE: "stateless" },
      }),
  },
  {
    name: "with-everything",
    trusts: true,
    all: () =>
      render({
        ...COMPANY_CA,
        shutdown: { preStop: 1, drain: 10 },
        secret: {
          keys: [...Object.keys(SECRET), "PORTKEY_ADMIN_API_KEY", "MCP_REDIS_URL", "MCP_EVENT_ENCRYPTION_KEY"],
        },
        settings: {
          ...REACHING,
          MCP_EVENT_STORE: "redis",
          MCP_READY_WITHOUT_REDIS: "unready",
          PORTKEY_READ_ONLY: true,
          MCP_SESSION_TIMEOUT: 3_600_000,
          OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318",
        },
        policy: "version: 1\nrules: [{ name: all, match: anyone, read_only: true }]\n",
        ingress: { enabled: true, hosts: ["mcp.example.com", "other.example.com"], tlsSecret: "mcp-tls" },
        autoscaling: { enabled: true },
      }),
  },
];

interface StartedPod {
  readonly pod: Pod;
  readonly running: RunningContainer;
}

const why = whyNoNamespaces();
const cases = CASES.filter(({ name }) => name === "plain-manifests" || whyNotRendered() === undefined);

describe.skipIf(why !== undefined)(`a pod${why === undefined ? "" : ` (skipped: ${why})`}`, () => {
  const server = useBuiltServer();
  let folder: string;
  let network: ContainerNetwork;
  let tls: TlsFiles;
  let portkey: Server;
  /** Calls that wait for Portkey's answer, by the address of their pod. */
  const waiting = new Map<string, () => void>();
  const pods = new Map<string, StartedPod>();

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "pods-"));
    network = containerNetwork(["redis", ...cases.map(({ name }) => name)], [PORTKEY]);
    tls = makeTlsFiles([PORTKEY]);
    const options = { key: readFileSync(tls.key), cert: readFileSync(tls.cert) };
    portkey = createServer(options, async ({ socket }, response) => {
      await new Promise<void>((resolve) => waiting.set(socket.remoteAddress ?? "", resolve));
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ success: true, data: [{ id: "pc-1", name: "here", slug: "here" }], total: 1 }));
    });
    await once(portkey.listen(443, network.here), "listening");
    network.start({ name: "redis", command: ["redis-server", "--save", "", "--protected-mode", "no"] });
    const existing: Existing = {
      "portkey-admin-mcp": {
        ...SECRET,
        PORTKEY_ADMIN_API_KEY: "pk-admin",
        MCP_REDIS_URL: "redis://redis:6379",
        MCP_EVENT_ENCRYPTION_KEY: "ab".repeat(32),
      },
      "company-ca": { "ca.crt": readFileSync(tls.cert, "utf8") },
    };
    const place = { folder, build: dirname(server.path()) };
    for (const { name, all } of cases) {
      const manifests = all();
      const running = network.start(containerOf(name, manifests, existing, place));
      pods.set(name, { pod: podOf(manifests), running });
    }
  });
  afterAll(async () => {
    await network.close();
    portkey.closeAllConnections();
    portkey.close();
    tls.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  test.concurrent.each(cases.map(({ name, trusts }) => [name, trusts] as const))(
    "of %s becomes ready, answers, and drains within its grace",
    async (name, trusts) => {
      const { pod, running } = pods.get(name) as StartedPod;
      const { container, spec } = pod;
      const at = { address: running.address, port: pod.port };
      const statusOf = async ({ httpGet: { path } }: Probe) => (await send({ ...at, path })).status;
      expect(container.securityContext.readOnlyRootFilesystem).toBe(true);
      await running.until(async () => (await statusOf(container.readinessProbe).catch(() => 0)) === 200);
      expect(await statusOf(container.livenessProbe)).toBe(200);

      const authorization = `Bearer ${TOKEN}`;
      const hosts = (pod.env["MCP_ALLOWED_HOSTS"] ?? "").split(",");
      const opened = await Promise.all(hosts.map((host) => openSession({ ...at, headers: { authorization, host } })));
      expect(opened.map(({ status }, index) => [hosts[index], status])).toEqual(hosts.map((host) => [host, 200]));

      expect(await running.execute(container.lifecycle.preStop.exec.command)).toBe(0);
      const params = { name: "list_configs", arguments: {} };
      const call = send({ ...at, headers: opened[0]?.session ?? {}, message: { method: "tools/call", params } });
      if (trusts) await running.until(() => waiting.has(running.address));
      // As the kubelet does.
      running.process.kill(IMAGE.stopSignal);
      const kill = setTimeout(() => running.process.kill("SIGKILL"), spec.terminationGracePeriodSeconds * 1_000);
      await running.until(async () => (await statusOf(container.readinessProbe)) === 503);
      waiting.get(running.address)?.();
      const { status, text } = await call;
      expect([status, text.includes('"isError":true')], text).toEqual([200, !trusts]);
      expect(await running.ended, running.output()).toEqual({ code: 0, signal: null });
      clearTimeout(kill);
    },
  );
});
