/** What an operator replaces while the server runs: keys, tokens, rules and certificates, without a restart. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { connect, type PeerCertificate, type TLSSocket } from "node:tls";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { call, INITIALIZE, listening, useBuiltServer, useUpstream, type Running } from "./built-server.ts";
import { makeTlsFiles } from "./tls-files.ts";
import { isInstalled } from "../installed.ts";

const server = useBuiltServer();
const upstream = useUpstream();
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "renewal-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
/** Renamed over, so that nobody reads half of it. */
const replace = (path: string, text: string) => {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
};
/** As Kubernetes mounts a secret: the file is a link through a link to a folder, which is swapped. */
function mounted(name: string, text: string): { path: string; swap(next: string): void } {
  let version = 0;
  const put = (content: string) => {
    version += 1;
    const at = join(folder, `..version-${version}`);
    mkdirSync(at);
    writeFileSync(join(at, name), content);
    symlinkSync(`..version-${version}`, join(folder, "..data_tmp"));
    renameSync(join(folder, "..data_tmp"), join(folder, "..data"));
  };
  put(text);
  symlinkSync(join("..data", name), join(folder, name));
  return { path: join(folder, name), swap: put };
}

/** Portkey that takes one key, and says which it was asked with. */
async function portkey() {
  const seen: string[] = [];
  const env = await upstream((request: IncomingMessage, response: ServerResponse) => {
    const key = String(request.headers["x-portkey-api-key"]);
    seen.push(key);
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ data: [{ id: key }] }));
  });
  const { PORTKEY_API_KEY: _, ...rest } = env;
  return { seen, env: rest };
}

const until = (what: () => Promise<boolean> | boolean) => vi.waitUntil(what, { timeout: 50_000, interval: 50 });

const HEADERS = { "content-type": "application/json", accept: "application/json, text/event-stream" };
async function post(url: string, message: object, headers: Record<string, string> = {}) {
  const answer = await fetch(`${url}/mcp`, {
    method: "POST",
    headers: { ...HEADERS, ...headers },
    body: JSON.stringify({ jsonrpc: "2.0", ...message }),
  });
  return { status: answer.status, text: await answer.text(), session: answer.headers.get("mcp-session-id") };
}
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

async function startHttp(env: Record<string, string>): Promise<{ running: Running; url: string; log: () => string }> {
  const running = server.start(["http", "--port", "0"], env);
  let log = "";
  running.process.stderr.on("data", (chunk: Buffer) => (log += chunk.toString()));
  return { running, url: await listening(running), log: () => log };
}
const said = (log: string, text: string) => log.split(text).length - 1;

describe("a key file", () => {
  test.each(["renamed over", "behind a swapped link", "written in place"])(
    "%s: calls over stdio take the new key",
    async (way) => {
      const { seen, env } = await portkey();
      const secret = way === "behind a swapped link" ? mounted("key", "pk-first\n") : undefined;
      const path = secret?.path ?? file("key", "pk-first\n");
      const running = server.start([], { ...env, PORTKEY_API_KEY_FILE: path });
      running.send(INITIALIZE, call(1, "list_configs"));
      expect(JSON.stringify(await running.answer(1))).toContain("pk-first");
      if (secret !== undefined) secret.swap("pk-second\n");
      else if (way === "renamed over") replace(path, "pk-second\n");
      else writeFileSync(path, "pk-second\n");
      let id = 1;
      await until(async () => {
        running.send(call(++id, "list_configs"));
        return JSON.stringify(await running.answer(id)).includes("pk-second");
      });
      expect(seen.at(-1)).toBe("pk-second");
      await running.end();
    },
  );

  test("over HTTP an open session goes on with the new key", async () => {
    const { env } = await portkey();
    const path = file("key", "pk-first");
    const { running, url } = await startHttp({ ...env, PORTKEY_API_KEY_FILE: path });
    const { session } = await post(url, INITIALIZE);
    const inSession = { "mcp-session-id": session ?? "", "mcp-protocol-version": "2025-11-25" };
    await post(url, { method: "notifications/initialized" }, inSession);
    expect((await post(url, call(1, "list_configs"), inSession)).text).toContain("pk-first");
    replace(path, "pk-second");
    let last = { status: 0, text: "" };
    await until(async () => {
      last = await post(url, call(2, "list_configs"), inSession);
      return last.status !== 200 || last.text.includes("pk-second");
    });
    expect(last.status).toBe(200);
    await running.stop();
  });

  test("one that cannot be a key is said once, and the last good one is kept", async () => {
    const { env, seen } = await portkey();
    const path = file("key", "pk-first");
    const { running, url, log } = await startHttp({ ...env, PORTKEY_API_KEY_FILE: path });
    replace(path, "${PORTKEY_API_KEY}");
    await until(() => log().includes("what was read before still holds"));
    replace(path, "${PORTKEY_API_KEY} ");
    rmSync(path);
    await until(() => said(log(), "what was read before still holds") === 2);
    expect(log()).toContain("PORTKEY_API_KEY_FILE is a placeholder that nothing has filled in");
    expect(log()).toContain("ENOENT");
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain("mcp_reload_failed 1");
    await post(url, call(1, "list_configs"));
    const { session } = await post(url, INITIALIZE);
    await post(url, call(1, "list_configs"), { "mcp-session-id": session ?? "" });
    expect(seen.at(-1)).toBe("pk-first");
    writeFileSync(path, "pk-third");
    await until(() => log().includes("were read again"));
    expect(await (await fetch(`${url}/metrics`)).text()).toMatch(/mcp_reloads_total\{outcome="ok"\} 1\n/);
    expect(log()).not.toContain("pk-third");
    await running.stop();
  });

  test("that comes through a pipe is read once, and holds when files are read again", async () => {
    const { env, seen } = await portkey();
    const path = join(folder, "pipe");
    execFileSync("mkfifo", [path]);
    const writer = spawn("sh", ["-c", `printf pk-first > "${path}"`]);
    const { running, url, log } = await startHttp({ ...env, PORTKEY_API_KEY_FILE: path });
    running.process.kill("SIGHUP");
    await until(() => log().includes("were read again"));
    const { session } = await post(url, INITIALIZE);
    await post(url, call(1, "list_configs"), { "mcp-session-id": session ?? "" });
    expect([seen.at(-1), writer.exitCode]).toEqual(["pk-first", 0]);
    await running.stop();
  });

  test("whose file becomes a pipe that nobody writes to is kept, and the server answers", async () => {
    const { env } = await portkey();
    const path = file("key", "pk-first");
    const { running, url, log } = await startHttp({ ...env, PORTKEY_API_KEY_FILE: path });
    rmSync(path);
    execFileSync("mkfifo", [path]);
    await until(() => log().includes("is a pipe now, and pipes are read at the start alone"));
    running.process.kill("SIGHUP");
    expect((await fetch(`${url}/health`)).status).toBe(200);
    await running.stop();
  });
});

test("a token that is gone is refused, and one that is new is taken", async () => {
  const { env } = await portkey();
  const [old, other, fresh] = ["old-token-0123456789", "other-token-0123456789", "fresh-token-0123456789"];
  const path = file("tokens", `ann:${old}\nbob:${other}\n`);
  const { running, url } = await startHttp({
    ...env,
    PORTKEY_API_KEY: "pk-first",
    MCP_AUTH_MODE: "bearer",
    MCP_AUTH_TOKEN_FILE: path,
  });
  const { session } = await post(url, INITIALIZE, bearer(other));
  expect((await post(url, INITIALIZE, bearer(old))).status).toBe(200);
  replace(path, `ann:${fresh}\nbob:${other}\n`);
  running.process.kill("SIGHUP");
  await until(async () => (await post(url, INITIALIZE, bearer(fresh))).status === 200);
  expect((await post(url, INITIALIZE, bearer(old))).status).toBe(401);
  const kept = await post(url, call(1, "list_configs"), { ...bearer(other), "mcp-session-id": session ?? "" });
  expect([kept.status, kept.text.includes("pk-first")]).toEqual([200, true]);
  await running.stop();
});

test("a policy file is read again, and the key files that its rules name", async () => {
  const { env } = await portkey();
  const key = file("team-key", "pk-team-1");
  const rule = (more: string) =>
    `version: 1\nrules:\n  - { name: all, match: anyone, keys: { workspace: { file: ${key} } }${more} }\n`;
  const path = file("policy.yaml", rule(""));
  const { running, url, log } = await startHttp({ ...env, MCP_CREDENTIALS: "policy", MCP_POLICY_FILE: path });
  const { session } = await post(url, INITIALIZE);
  const ask = async (tool: string) => (await post(url, call(1, tool), { "mcp-session-id": session ?? "" })).text;
  expect(await ask("list_configs")).toContain("pk-team-1");
  replace(key, "pk-team-2");
  await until(async () => (await ask("list_configs")).includes("pk-team-2"));
  replace(path, rule(", domains: [prompts]"));
  await until(async () => !(await ask("list_configs")).includes("pk-team-2"));
  expect(await ask("list_prompts")).toContain("pk-team-2");
  replace(path, "version: 1\nrules:\n  - { name: all, match: anyone, domans: [configs] }\n");
  await until(() => log().includes("what was read before still holds"));
  expect(log()).toContain("policy.yaml, line 3");
  expect(await ask("list_prompts")).toContain("pk-team-2");
  await running.stop();
});

describe("a certificate", () => {
  const shown = (url: string) =>
    new Promise<PeerCertificate>((resolve, reject) => {
      const { port } = new URL(url);
      const socket: TLSSocket = connect({ port: Number(port), host: "127.0.0.1", rejectUnauthorized: false }, () => {
        resolve(socket.getPeerCertificate());
        socket.destroy();
      });
      socket.on("error", reject);
    });

  test("that was renewed is shown to new connections; one that does not fit its key is not", async () => {
    const { env } = await portkey();
    const [first, second] = [makeTlsFiles(["localhost"]), makeTlsFiles(["renewed.example"])];
    const [key, cert] = [
      file("key.pem", readFileSync(first.key, "utf8")),
      file("cert.pem", readFileSync(first.cert, "utf8")),
    ];
    const { running, url, log } = await startHttp({
      ...env,
      PORTKEY_API_KEY: "pk-first",
      MCP_TLS_KEY_PATH: key,
      MCP_TLS_CERT_PATH: cert,
    });
    expect((await shown(url)).subject.CN).toBe("localhost");
    replace(cert, readFileSync(second.cert, "utf8"));
    await until(() => log().includes("is not the key of the certificate"));
    expect((await shown(url)).subject.CN).toBe("localhost");
    replace(key, readFileSync(second.key, "utf8"));
    await until(async () => (await shown(url)).subject.CN === "renewed.example");
    await running.stop();
    first.remove();
    second.remove();
  });
});

describe("SIGHUP", () => {
  test.skipIf(!isInstalled("script"))("ends the server whose terminal was closed", async () => {
    const pidFile = join(folder, "pid");
    const line =
      `echo $$ > ${pidFile}; exec env MCP_SHUTDOWN_GRACE_MS=0 ${process.execPath} ${server.path()} http --sandbox ` +
      `--port 0 2> ${folder}/log`;
    const terminal = spawn("script", ["-qfec", line, "/dev/null"], { stdio: ["pipe", "ignore", "ignore"] });
    await until(() => text(join(folder, "log")).includes("listening"));
    const pid = Number(text(pidFile));
    process.kill(pid, "SIGHUP");
    await until(() => text(join(folder, "log")).includes("were read again"));
    const gone = once(terminal, "exit");
    terminal.kill("SIGKILL");
    await gone;
    await until(() => !isRunning(pid));
    expect(text(join(folder, "log"))).toContain("stopped");
  });

  test("of an operator's reads the files again, and the server goes on", async () => {
    const { env } = await portkey();
    const { running, url, log } = await startHttp({ ...env, PORTKEY_API_KEY_FILE: file("key", "pk-first") });
    running.process.kill("SIGHUP");
    await until(() => log().includes("were read again"));
    expect((await fetch(`${url}/health`)).status).toBe(200);
    await running.stop();
  });

  const ENDS = { MCP_ON_HANGUP: "end", MCP_SHUTDOWN_GRACE_MS: "0" };
  test("ends the server where MCP_ON_HANGUP says so", async () => {
    const { running } = await startHttp({ ...(await portkey()).env, PORTKEY_API_KEY: "pk", ...ENDS });
    running.process.kill("SIGHUP");
    expect((await running.ended).code).toBe(0);
  });

  function text(path: string): string {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return "";
    }
  }

  function isRunning(pid: number): boolean {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  }
});
