/**
 * docs/deployment.md, followed: a laptop behind its proxy, one container and the server's own TLS for real, in networks
 * of their own; what needs an engine, a cluster or an account as far as its commands say.
 */
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { useBuiltServer } from "../e2e/built-server.ts";
import { containerNetwork, type ContainerNetwork } from "../e2e/containers.ts";
import { makeTlsFiles, type TlsFiles } from "../e2e/tls-files.ts";
import { IMAGE, imageMounts } from "../helm/pod.ts";
import { BLOCKS, ROOT } from "./pages.ts";
import { optionsOf, recordCalls, type RecordedCall } from "./recorded-commands.ts";
import { whyNoNamespaces } from "../network-namespaces.ts";
import { isInstalled } from "../installed.ts";

const PAGE = "docs/deployment.md";
const blocks = (use: string) => BLOCKS.filter((block) => block.page === PAGE && block.use === use);
const textOf = (use: string) =>
  blocks(use)
    .map(({ text }) => text)
    .join("\n");

/** Blocks by what is done with them. */
const RUN: Readonly<Record<string, string>> = {
  run: "test/docs/commands.test.ts",
  serve: "test/docs/commands.test.ts",
  proxy: "here",
  client: "here",
  container: "here",
  "container-check": "here",
  "compose-check": "test/e2e/compose.test.ts",
  tls: "here",
};

/** What is only noted here, and what stands in for it. */
const STAND_INS: readonly (readonly [call: RegExp, standIn: string, what: string])[] = [
  [/^docker build -t portkey-admin-mcp \.$/, "test/image/image.test.ts", "buildah builds the Dockerfile"],
  [/^docker run /, "here", "its flags, in a container without an engine"],
  [/^docker compose -f scripts\/compose.yaml up /, "test/e2e/compose.test.ts", "the file's services, started"],
  [/^docker compose -f scripts\/compose.yaml exec nginx nginx -s reload$/, "test/e2e/compose.test.ts", "the same"],
  [/^docker compose -f scripts\/compose.yaml build$/, "test/image/image.test.ts", "buildah builds the Dockerfile"],
  [/^kubectl create namespace mcp$/, "here", "kubectl without a cluster, where it is installed"],
  [/^kubectl -n mcp create secret generic portkey-admin-mcp /, "here", "the same; its keys are those of the chart"],
  [/^helm -n mcp upgrade --install /, "test/helm/start.test.ts", "the page's values, rendered by Go, and started"],
  [/^kubectl apply -f scripts\/helm\/manifests.yaml$/, "test/helm/start.test.ts", "the manifests, started"],
  [/^kubectl -n mcp rollout status deployment\/portkey-admin-mcp$/, "test/helm/start.test.ts", "the same"],
  [
    /^kubectl -n mcp exec deployment\/portkey-admin-mcp -- node \/app\/build\/index.js doctor$/,
    "test/image/image.test.ts",
    "doctor in the image",
  ],
  [/^vercel (?:link|deploy --prod|env add \w+ production)$/, "test/http/vercel.test.ts", "the built function, called"],
  [/^npm run test:http$/, "test/http/deployment.test.ts", "the smoke test, against a server"],
];

const ENV = { PORTKEY_API_KEY: "pk-test", TOKEN: "token", HTTPS_PROXY: "x", NODE_EXTRA_CA_CERTS: "x" };
const MCP_AUTH_TOKEN = `alice:${"ab".repeat(32)}`;
const wordsOf = ({ program, args }: RecordedCall) => [program, ...args].join(" ");

describe("every command", () => {
  const noted = [...new Set(BLOCKS.filter((block) => block.page === PAGE && block.language === "sh"))].filter(
    ({ use }) => !(use in RUN) || use === "container",
  );

  test("is run, or has something that stands in for it, and no stand-in is left over", () => {
    const programs = ["docker", "kubectl", "helm", "vercel", "npm"];
    const calls = noted.flatMap(({ text }) => recordCalls(text, programs, { ...ENV, MCP_AUTH_TOKEN })).map(wordsOf);
    const standInOf = (call: string) => STAND_INS.filter(([form]) => form.test(call)).map(([, standIn]) => standIn);
    expect(calls.filter((call) => standInOf(call).length !== 1)).toEqual([]);
    expect(STAND_INS.filter(([form]) => !calls.some((call) => form.test(call)))).toEqual([]);
    const files = [...Object.values(RUN), ...STAND_INS.map(([, file]) => file)].filter((file) => file !== "here");
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });

  test("of the cluster makes the Secret that the chart reads", () => {
    const secret = recordCalls(textOf("cluster"), ["kubectl", "helm"], ENV).find(({ args }) => args.includes("secret"));
    const made = secret?.args.flatMap((word) => /^--from-literal=(\w+)=./.exec(word)?.[1] ?? []);
    const values = parse(readFileSync(join(ROOT, "scripts/helm/portkey-admin-mcp/values.yaml"), "utf8")) as {
      secret: { name: string; keys: string[] };
    };
    expect([secret?.args.includes(values.secret.name), made]).toEqual([true, values.secret.keys]);
    const files = ["scripts/helm/portkey-admin-mcp/Chart.yaml", "scripts/helm/manifests.yaml"];
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });

  const hasKubectl = isInstalled("kubectl");
  test.skipIf(!hasKubectl)("that creates something is one that kubectl takes", () => {
    const creating = recordCalls(textOf("cluster"), ["kubectl", "helm"], ENV).filter(({ args }) =>
      args.includes("create"),
    );
    const ends = creating.map(({ args }) => {
      const { status, stderr } = spawnSync("kubectl", [...args, "--dry-run=client"], { encoding: "utf8" });
      return { status, stderr };
    });
    const well = { status: 0, stderr: "" };
    expect(ends).toEqual([well, well]);
  });
});

const why = whyNoNamespaces();

describe.skipIf(why !== undefined)(`in networks of their own${why === undefined ? "" : ` (skipped: ${why})`}`, () => {
  const server = useBuiltServer();
  const portkey = "api.portkey.ai";
  const hasTinyproxy = isInstalled("tinyproxy");
  let folder: string;
  let network: ContainerNetwork;
  let tls: TlsFiles;
  let upstream: Server;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "followed-"));
    network = containerNetwork(["proxy.corp", "laptop", "machine"]);
    tls = makeTlsFiles([portkey]);
    const options = { key: readFileSync(tls.key), cert: readFileSync(tls.cert) };
    upstream = createServer(options, (_request, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ success: true, data: [{ id: "pc-1", name: "here", slug: "here" }], total: 1 }));
    });
    await once(upstream.listen(443, network.here), "listening");
    mkdirSync(join(folder, "bin"));
    writeFileSync(join(folder, "bin/npx"), '#!/bin/sh\nshift 2\nexec node /app/build/index.js "$@"\n');
    chmodSync(join(folder, "bin/npx"), 0o755);
  });
  afterAll(async () => {
    await network.close();
    upstream.closeAllConnections();
    upstream.close();
    tls.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What a machine with Node has: this build behind npx. */
  const shell = (name: string, text: string, mounts: Readonly<Record<string, string>> = {}) => ({
    name,
    command: ["sh", "-euc", `PATH=/stage/bin:$PATH\n${text}`],
    env: { PORTKEY_API_KEY: "pk-test", MCP_AUTH_TOKEN, MCP_PORT: "0" },
    mounts: { ...imageMounts(dirname(server.path())), "/stage": folder, ...mounts },
  });

  describe.skipIf(!hasTinyproxy)("a laptop behind a proxy", () => {
    /** Portkey is known to the proxy alone. */
    beforeAll(() => {
      writeFileSync(join(folder, "hosts"), `127.0.0.1 localhost\n${network.here} ${portkey}\n`);
      writeFileSync(join(folder, "tinyproxy.conf"), "Port 3128\nTimeout 60\nMaxClients 20\n");
      const mounts = { "/etc/hosts": join(folder, "hosts"), "/stage": folder };
      network.start({ name: "proxy.corp", command: ["tinyproxy", "-d", "-c", "/stage/tinyproxy.conf"], mounts });
    });
    const authorities = () => ({ "/etc/ssl/corp-ca.pem": tls.cert });

    test("doctor goes through it, and says so", async () => {
      const running = network.start(shell("laptop", textOf("proxy"), authorities()));
      const { code } = await running.ended;
      expect(running.output()).toContain(`${portkey} answers through the proxy proxy.corp:3128 (HTTPS_PROXY)`);
      expect(code, running.output()).toBe(0);
    });

    test("and so does what the client starts", async () => {
      const settings =
        `${textOf("proxy").replace(/^npx .*$/m, "")}\nclaude() { shift 3; while [ "$1" = -e ]; do export "$2"; ` +
        `shift 2; done; shift; "$@"; }\n`;
      const messages = [
        {
          id: 0,
          method: "initialize",
          params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "t", version: "1" } },
        },
        { id: 1, method: "tools/call", params: { name: "list_configs", arguments: {} } },
      ];
      const lines = messages.map((message) => JSON.stringify({ jsonrpc: "2.0", ...message }));
      const quoted = lines.map((line) => `'${line}'`).join(" ");
      const feed = `{ printf '%s\\n' ${quoted}; sleep 20; } | {\n${textOf("client")}\n}`;
      const running = network.start(shell("laptop", settings + feed, authorities()));
      await running.until(() => running.output().includes("pc-1"));
    });
  });

  test("one container answers as its checks ask, and ends on its stop signal", async () => {
    const calls = recordCalls(textOf("container"), ["docker"], { PORTKEY_API_KEY: "pk-test" });
    const { args, env } = calls.find(({ args: [command] }) => command === "run") as RecordedCall;
    const given = optionsOf(args, "-e").map((option) => {
      const [name = "", value = env[name] ?? ""] = option.split("=", 2);
      return [name, value] as const;
    });
    expect([args.includes("--read-only"), args.at(-1), optionsOf(args, "-p")]).toEqual([
      true,
      "portkey-admin-mcp",
      ["3000:3000"],
    ]);
    const running = network.start({
      name: "machine",
      command: IMAGE.entrypoint,
      env: { ...IMAGE.env, ...Object.fromEntries(given) },
      user: IMAGE.user,
      mounts: imageMounts(dirname(server.path())),
    });
    await running.until(async () => (await running.execute(["curl", "-fsS", "http://localhost:3000/ready"])) === 0);
    const token = `MCP_AUTH_TOKEN=${Object.fromEntries(given)["MCP_AUTH_TOKEN"]}`;
    expect(await running.execute(["env", token, "sh", "-euc", textOf("container-check")])).toBe(0);
    running.process.kill(IMAGE.stopSignal);
    expect(await running.ended, running.output()).toEqual({ code: 0, signal: null });
  });

  test("the server's own TLS is served", async () => {
    const running = network.start(shell("machine", textOf("tls"), { "/certs": tls.folder }));
    await running.until(() => running.output().includes('"url":"https://'));
    running.process.kill("SIGKILL");
  });
});
