/** What the chart makes of values: manifests that Kubernetes takes and a server that starts by them. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { HTTP_SETTINGS } from "../../src/config/http-settings.ts";
import { OTEL_SETTINGS } from "../../src/config/otel-settings.ts";
import type { SettingTable } from "../../src/config/setting.ts";
import { SETTINGS } from "../../src/config/settings.ts";
import {
  CHART,
  parseDocuments,
  MANIFESTS,
  ofKind,
  PLAIN,
  render,
  renderText,
  valueProblems,
  whyNotRendered,
  type Json,
} from "./chart.ts";
import { manifestProblems } from "./kubernetes.ts";

const why = whyNotRendered();

/** Everything that can be on at once. */
const ALL: Json = {
  image: { repository: "registry.example.com/mcp", digest: `sha256:${"a".repeat(64)}` },
  imagePullSecrets: [{ name: "pull" }],
  secret: { name: "keys", keys: ["PORTKEY_API_KEY", "PORTKEY_ADMIN_API_KEY", "MCP_AUTH_TOKEN", "MCP_REDIS_URL"] },
  settings: {
    MCP_AUTH_MODE: "bearer",
    PORTKEY_READ_ONLY: true,
    MCP_SESSION_TIMEOUT: 3600000,
    OTEL_TRACES_SAMPLER_ARG: 0.1,
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318",
  },
  policy: "version: 1\nrules: [{ name: all, match: anyone, read_only: true }]\n",
  caCertificates: { configMap: "company-ca", key: "ca.pem" },
  ingress: {
    enabled: true,
    className: "nginx",
    hosts: ["mcp.example.com"],
    tlsSecret: "mcp-tls",
    annotations: { a: "b" },
  },
  autoscaling: { enabled: true },
  networkPolicy: { from: [{ namespaceSelector: { matchLabels: { name: "ingress" } } }] },
  metrics: { port: 9464 },
  serviceMonitor: { enabled: true, labels: { release: "prometheus" }, tokenSecret: { name: "scrape", key: "token" } },
  prometheusRule: { enabled: true, labels: { release: "prometheus" } },
  dashboard: { enabled: true },
  nodeSelector: { a: "b" },
  tolerations: [{ key: "a", operator: "Exists" }],
  affinity: { nodeAffinity: {} },
  podAnnotations: { c: "d" },
  podLabels: { e: "f" },
};
const ROUTE: Json = {
  ...PLAIN,
  httpRoute: { enabled: true, parentRefs: [{ name: "public" }], hosts: ["mcp.example.com"] },
  podDisruptionBudget: { enabled: false },
  networkPolicy: { enabled: false },
};
const ONE: Json = { replicas: 1, secret: { name: "keys", keys: ["PORTKEY_API_KEY", "MCP_AUTH_TOKEN"] } };

function containerOf(all: readonly Json[]): Json {
  const spec = (ofKind(all, "Deployment")?.["spec"] as { template: { spec: Json } }).template.spec;
  return (spec["containers"] as Json[])[0] as Json;
}

function envOf(all: readonly Json[]): Record<string, string> {
  const env = containerOf(all)["env"] as { name: string; value: string }[];
  return Object.fromEntries(env.map(({ name, value }) => [name, value]));
}

describe.skipIf(why !== undefined)(`the chart, rendered${why === undefined ? "" : ` (skipped: ${why})`}`, () => {
  test.each<[string, Json, string[]]>([
    [
      "as the plain manifests",
      PLAIN,
      ["Deployment", "NetworkPolicy", "PodDisruptionBudget", "Service", "ServiceAccount"],
    ],
    [
      "with everything",
      ALL,
      [
        "ConfigMap",
        "ConfigMap",
        "Deployment",
        "HorizontalPodAutoscaler",
        "Ingress",
        "NetworkPolicy",
        "PodDisruptionBudget",
        "PrometheusRule",
        "Service",
        "ServiceAccount",
        "ServiceMonitor",
      ],
    ],
    ["with a route", ROUTE, ["Deployment", "HTTPRoute", "Service", "ServiceAccount"]],
    ["for one replica", ONE, ["Deployment", "NetworkPolicy", "PodDisruptionBudget", "Service", "ServiceAccount"]],
  ])("is what Kubernetes takes: %s", (_title, values, kinds) => {
    const all = render(values);
    expect(all.map(({ kind }) => kind).sort()).toEqual(kinds);
    expect(manifestProblems(all)).toEqual([]);
  });

  test("and what it would not take is found", () => {
    const text = renderText(PLAIN);
    const problems = (from: string | RegExp, to: string) => manifestProblems(parseDocuments(text.replace(from, to)));
    expect(problems("replicas: 2", "replicas: two").join()).toMatch(/replicas/);
    expect(problems("enableServiceLinks", "enableServiceLink").join()).toMatch(/enableServiceLink/);
    expect(problems("readOnlyRootFilesystem", "readOnlyRootFileSystem").join()).toMatch(/readOnlyRootFileSystem/);
  });

  test("the plain manifests are those of the chart (UPDATE_MANIFESTS=1 is how they are written)", () => {
    const head = "# Rendered from the chart beside it, with redis.url=redis://redis:6379. Do not edit.";
    const text = `${head}\n${renderText(PLAIN)}`;
    if (process.env["UPDATE_MANIFESTS"] === "1") writeFileSync(MANIFESTS, text);
    expect(readFileSync(MANIFESTS, "utf8")).toBe(text);
  });

  test.each<[string, Json]>([
    ["the plain values", PLAIN],
    ["everything on", ALL],
    ["a long end", { ...PLAIN, shutdown: { preStop: 20, drain: 120 } }],
  ])("with %s it runs without rights, writes nothing, and ends within its grace", (_title, values) => {
    const all = render(values);
    const container = containerOf(all);
    const pod = (ofKind(all, "Deployment")?.["spec"] as { template: { spec: Json } }).template.spec;
    expect(pod).toMatchObject({
      enableServiceLinks: false,
      automountServiceAccountToken: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: expect.any(Number),
        seccompProfile: { type: "RuntimeDefault" },
      },
    });
    expect(container["securityContext"]).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    const { preStop } = container["lifecycle"] as { preStop: { exec: { command: string[] } } };
    const seconds = Number(preStop.exec.command[1]) + Number(envOf(all)["MCP_SHUTDOWN_TIMEOUT_MS"]) / 1000;
    expect(pod["terminationGracePeriodSeconds"]).toBeGreaterThanOrEqual(seconds + 5);
  });

  test("settings arrive as they were written, secrets as files, and every one is a setting", () => {
    const env = envOf(render(ALL));
    expect(env).toMatchObject({
      PORTKEY_READ_ONLY: "true",
      MCP_SESSION_TIMEOUT: "3600000",
      OTEL_TRACES_SAMPLER_ARG: "0.1",
      MCP_PUBLIC_BASE_URL: "https://mcp.example.com",
      MCP_POLICY_FILE: "/etc/portkey-admin-mcp/policy.yaml",
      PORTKEY_API_KEY_FILE: "/run/secrets/portkey-admin-mcp/PORTKEY_API_KEY",
      NODE_EXTRA_CA_CERTS: "/etc/ssl/company/ca.pem",
    });
    expect(env["MCP_ALLOWED_HOSTS"]?.split(",")).toEqual(
      expect.arrayContaining(["portkey-admin-mcp.mcp.svc", "mcp.example.com"]),
    );
    const table: SettingTable = { ...SETTINGS, ...HTTP_SETTINGS, ...OTEL_SETTINGS };
    const known = Object.entries(table).flatMap(([name, { file }]) => (file ? [name, `${name}_FILE`] : [name]));
    const ofNode = ["NODE_EXTRA_CA_CERTS"];
    expect(Object.keys(env).filter((name) => ![...known, ...ofNode].includes(name))).toEqual([]);
  });

  test.each<[string, Json, RegExp]>([
    ["several replicas without Redis", {}, /Several replicas without Redis/],
    ["more by autoscaling", { replicas: 1, autoscaling: { enabled: true } }, /Several replicas without Redis/],
    ["Redis twice", { ...PLAIN, secret: { keys: ["MCP_REDIS_URL"] } }, /keep one/],
    ["no authentication", { ...PLAIN, settings: { MCP_AUTH_MODE: "" } }, /MCP_AUTH_MODE is not set/],
    ["an ingress without hosts", { ...PLAIN, ingress: { enabled: true } }, /no hosts/],
    ["two ways in", { ...ROUTE, ingress: { enabled: true, hosts: ["a.example"] } }, /keep one/],
    ["a monitor without a token", { ...PLAIN, serviceMonitor: { enabled: true } }, /tokenSecret.*MCP_METRICS_TOKEN/],
  ])("%s is refused with what to do", (_title, values, text) => {
    expect(() => render(values)).toThrow(text);
  });

  test.each<[string, Json, string, Json | undefined]>([
    [
      "with the metrics' own token",
      { secret: { name: "keys", keys: ["MCP_METRICS_TOKEN"] } },
      "http",
      { name: "keys", key: "MCP_METRICS_TOKEN" },
    ],
    ["at a port of its own, without a token", { metrics: { port: 9464 } }, "metrics", undefined],
  ])("Prometheus scrapes %s", (_title, values, port, credentials) => {
    const all = render({ ...PLAIN, ...values, serviceMonitor: { enabled: true } });
    const monitor = ofKind(all, "ServiceMonitor")?.["spec"] as { endpoints: Json[] };
    expect(monitor.endpoints[0]).toMatchObject({ port, path: "/metrics" });
    expect(monitor.endpoints[0]?.["authorization"]).toEqual(credentials && { credentials });
    const { ports } = ofKind(all, "Service")?.["spec"] as { ports: { name: string }[] };
    expect(ports.map(({ name }) => name)).toContain(port);
    expect(envOf(all)["MCP_METRICS_PORT"]).toBe(port === "metrics" ? "9464" : undefined);
    expect(manifestProblems(all)).toEqual([]);
  });

  test("stateless replicas need no Redis", () => {
    expect(render({ settings: { MCP_SESSION_MODE: "stateless" } }).length).toBeGreaterThan(3);
  });
});

describe("the values' schema", () => {
  test("takes the chart's own values and those of the tests", () => {
    expect([{}, PLAIN, ALL, ROUTE, ONE].map(valueProblems)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  test.each<[string, Json]>([
    ["a misspelt name", { replica: 2 }],
    ["a misspelt name inside", { ingress: { enable: true } }],
    ["a key among the settings", { settings: { PORTKEY_API_KEY: "pk-1" } }],
    ["the port", { settings: { MCP_PORT: 80 } }],
    ["a password in the address of Redis", { redis: { url: "redis://:secret@redis:6379" } }],
    ["no replicas", { replicas: 0 }],
    ["a digest of another length", { image: { digest: "sha256:abc" } }],
    ["a host with a scheme", { ingress: { hosts: ["https://mcp.example.com"] } }],
    ["a host that is a pattern, which no server answers to", { ingress: { hosts: ["*.example.com"] } }],
    ["a key that is no secret's", { secret: { keys: ["PORTKEY_BASE_URL"] } }],
  ])("refuses %s", (_title, values) => {
    expect(valueProblems(values)).toBeDefined();
  });

  test("names as secrets exactly the settings that can be files", () => {
    const { properties } = JSON.parse(readFileSync(join(CHART, "values.schema.json"), "utf8")) as {
      properties: { secret: { properties: { keys: { items: { enum: string[] } } } } };
    };
    const files = Object.entries<{ file?: true }>({ ...SETTINGS, ...HTTP_SETTINGS }).filter(([, { file }]) => file);
    expect(properties.secret.properties.keys.items.enum.sort()).toEqual(files.map(([name]) => name).sort());
  });

  test("the chart's version is the package's", () => {
    const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as Json;
    const chart = parse(readFileSync(join(CHART, "Chart.yaml"), "utf8")) as Json;
    expect([chart["version"], chart["appVersion"]]).toEqual([version, version]);
  });
});
