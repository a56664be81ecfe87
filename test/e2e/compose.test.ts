/** The compose file's services, started without an engine: as healthy, as reachable and as quick to end as it says. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { BLOCKS } from "../docs/pages.ts";
import { hasRedis } from "../http/redis/redis-server.ts";
import { IMAGE, imageMounts } from "../helm/pod.ts";
import { useBuiltServer } from "./built-server.ts";
import { containerNetwork, type Container, type ContainerNetwork, type RunningContainer } from "./containers.ts";
import { openSession, send } from "./under-a-name.ts";
import { whyNoNamespaces } from "../network-namespaces.ts";

const FOLDER = fileURLToPath(new URL("../../scripts/", import.meta.url));
const TOKEN = "a-token-of-some-length";
/** What the file's head says to set. */
const GIVEN: Readonly<Record<string, string>> = { PORTKEY_API_KEY: "pk-test", MCP_AUTH_TOKEN: TOKEN };

interface Service {
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly tmpfs?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly stop_grace_period?: string;
}

const { services } = parse(readFileSync(join(FOLDER, "compose.yaml"), "utf8"), { merge: true }) as {
  services: Readonly<Record<string, Service>>;
};

/** As compose reads it: ${NAME:-otherwise} and ${NAME:?what to do}. */
function interpolated(text: string): string {
  return text.replace(/\$\{(\w+):([-?])([^}]*)\}/g, (_all, name: string, kind: string, rest: string) => {
    const value = GIVEN[name];
    if (value === undefined && kind === "?") throw new Error(`${name}: ${rest}`);
    return value ?? rest;
  });
}

/** What the images of others start where the file names no command, and what theirs are built with. */
const DEFAULTS: Readonly<Record<string, readonly string[]>> = { nginx: ["nginx", "-g", "daemon off;"] };
const BUILT_IN: Readonly<Record<string, readonly string[]>> = { redis: ["--protected-mode", "no"] };
const HEALTHCHECK = JSON.parse(
  /HEALTHCHECK[\s\S]*?CMD (\[[\s\S]*?\])\nENTRYPOINT/
    .exec(readFileSync(join(FOLDER, "../Dockerfile"), "utf8"))?.[1]
    ?.replaceAll("\\\n", "") ?? "[]",
) as string[];

function containerOf(name: string, service: Service, build: string): Container {
  const isOurs = name.startsWith("server-");
  const environment = Object.entries(service.environment ?? {}).map(([key, value]) => [key, interpolated(value)]);
  const volumes = (service.volumes ?? []).map((volume) => volume.split(":") as [string, string]);
  return {
    name,
    command: isOurs ? IMAGE.entrypoint : [...(service.command ?? DEFAULTS[name] ?? []), ...(BUILT_IN[name] ?? [])],
    env: { ...(isOurs ? IMAGE.env : {}), ...(Object.fromEntries(environment) as Record<string, string>) },
    mounts: {
      ...(isOurs ? imageMounts(build) : {}),
      ...Object.fromEntries(volumes.map(([from, to]) => [to, join(FOLDER, from)])),
    },
    ...(isOurs && { user: IMAGE.user }),
    writable: service.tmpfs ?? [],
  };
}

function whyNot(): string | undefined {
  if (!hasRedis || spawnSync("nginx", ["-v"]).status !== 0) return "redis-server or nginx is not installed";
  return whyNoNamespaces();
}

const why = whyNot();

describe.skipIf(why !== undefined)(`docker compose up${why === undefined ? "" : ` (skipped: ${why})`}`, () => {
  const server = useBuiltServer();
  let network: ContainerNetwork;
  const running = new Map<string, RunningContainer>();

  beforeAll(() => {
    network = containerNetwork(Object.keys(services));
  });
  afterAll(() => network.close());

  /** Starts a service, and waits until it is healthy by its own check. */
  async function up(name: string): Promise<void> {
    const service = services[name] as Service;
    const container = network.start(containerOf(name, service, dirname(server.path())));
    running.set(name, container);
    const check = name.startsWith("server-") ? HEALTHCHECK : service.healthcheck?.test.slice(1);
    if (check === undefined) return;
    await container.until(async () => (await container.execute(check)) === 0);
  }

  test("answers at the address of its head, with two instances, and ends within the grace it gives", async () => {
    await up("redis");
    await Promise.all(["server-1", "server-2"].map(up));
    await up("nginx");
    const balancer = running.get("nginx") as RunningContainer;
    const at = {
      address: balancer.address,
      port: 8080,
      headers: { host: "localhost:8080", authorization: `Bearer ${TOKEN}` },
    };
    const ready = () => send({ ...at, path: "/ready" }).catch(() => undefined);
    await balancer.until(async () => (await ready())?.status === 200);
    const [check] = BLOCKS.filter(({ use }) => use === "compose-check");
    expect(await balancer.execute(["sh", "-euc", check?.text ?? "exit 9"]), "the page's check").toBe(0);
    const { status, session } = await openSession(at);
    expect([status, session["mcp-session-id"]], balancer.output()).toEqual([200, expect.any(String)]);
    const lists = async () => {
      const sent = { ...at, headers: session, message: { method: "tools/list" } };
      return (await Promise.all([1, 2, 3, 4].map(() => send(sent)))).filter(
        ({ text }) => !text.includes('"list_configs"'),
      );
    };
    expect(await lists()).toEqual([]);
    expect((await openSession({ ...at, headers: { host: "localhost:8080" } })).status).toBe(401);

    await stop("server-1");
    network.unplug("server-1");
    expect(await lists(), "one of them is gone").toEqual([]);
    expect(await balancer.execute(["nginx", "-s", "reload"])).toBe(0);
    expect(await lists(), "looked up again").toEqual([]);
    await stop("server-2");
  });

  /** As `docker stop` does. */
  async function stop(name: string): Promise<void> {
    const { process: child, ended, output } = running.get(name) as RunningContainer;
    child.kill(IMAGE.stopSignal);
    const kill = setTimeout(() => child.kill("SIGKILL"), 1_000 * parseInt(services[name]?.stop_grace_period ?? "10"));
    expect(await ended, output()).toEqual({ code: 0, signal: null });
    clearTimeout(kill);
  }
});
