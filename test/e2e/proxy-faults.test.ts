/** What a person behind a forward proxy sees: which requests take it, and whose fault it is where it refuses. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTlsServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { guardedRequest } from "../../src/addresses/guarded-request.ts";
import { PrivateAddress } from "../../src/addresses/guarded-lookup.ts";
import { useProxies } from "../../src/addresses/proxies.ts";
import { call, INITIALIZE, useBuiltServer } from "./built-server.ts";
import { startForwardProxy, type ForwardProxy } from "./forward-proxy.ts";
import { makeTlsFiles, type TlsFiles } from "./tls-files.ts";
import { closedPort, listen } from "../listen.ts";

const server = useBuiltServer();
const LOGIN = "ann:pa%40ss-not-to-be-shown";
const AUTHORIZATION = `Basic ${Buffer.from("ann:pa@ss-not-to-be-shown").toString("base64")}`;

let tls: TlsFiles;
let upstream: Server;
let plain: ReturnType<typeof createServer>;
let proxy: ForwardProxy | undefined;
const answer = (_request: unknown, response: import("node:http").ServerResponse) =>
  response.writeHead(200, { "content-type": "application/json" }).end('{"success":true,"data":[]}');

beforeAll(async () => {
  tls = makeTlsFiles(["127.0.0.1"]);
  upstream = createTlsServer({ key: readFileSync(tls.key), cert: readFileSync(tls.cert) }, answer);
  plain = createServer(answer);
  await Promise.all([upstream, plain].map((each) => listen(each)));
});
afterEach(() => proxy?.close());
afterAll(() => {
  for (const each of [upstream, plain]) {
    each.closeAllConnections();
    each.close();
  }
  tls.remove();
});

const hostOf = (listening: { address(): unknown }) => `127.0.0.1:${(listening.address() as AddressInfo).port}`;

function settings(env: Readonly<Record<string, string>>): Record<string, string> {
  return {
    PORTKEY_API_KEY: "pk-test",
    PORTKEY_BASE_URL: `https://${hostOf(upstream)}/v1`,
    PORTKEY_ALLOW_PRIVATE_BASE_URL: "true",
    PORTKEY_ALLOW_INSECURE_HTTP: "true",
    PORTKEY_MAX_RETRIES: "0",
    NODE_EXTRA_CA_CERTS: tls.cert,
    ...env,
  };
}

async function listConfigs(env: Readonly<Record<string, string>>) {
  const running = server.start([], settings(env));
  running.send(INITIALIZE, call(1, "list_configs"));
  const text = JSON.stringify(await running.answer(1));
  const { stderr } = await running.end();
  return { text, stderr };
}

async function doctor(env: Readonly<Record<string, string>>) {
  return server.start(["doctor"], settings(env)).end();
}

describe.each(["HTTPS_PROXY", "https_proxy", "HTTP_PROXY"])("with %s", (setting) => {
  test("calls and doctor go through the proxy, with its user and password", async () => {
    proxy = await startForwardProxy();
    const env = { [setting]: `http://${LOGIN}@${proxy.host}` };
    expect((await listConfigs(env)).text).not.toContain("isError");
    const calls = proxy.seen.length;
    expect(calls).toBeGreaterThan(0);
    const { stdout, stderr, code } = await doctor(env);
    expect(stdout).toContain(`${hostOf(upstream)} answers through the proxy ${proxy.host} (${setting})`);
    expect(code).toBe(0);
    expect(proxy.seen.length).toBeGreaterThan(calls + 1);
    expect(new Set(proxy.seen.map((each) => `${each.asked} ${each.authorization}`))).toEqual(
      new Set([`CONNECT ${hostOf(upstream)} ${AUTHORIZATION}`]),
    );
    expect(stdout + stderr).not.toContain("not-to-be-shown");
  });
});

test("plain http is passed on by the proxy of HTTP_PROXY, without a tunnel", async () => {
  proxy = await startForwardProxy();
  const env = { HTTP_PROXY: proxy.host, PORTKEY_BASE_URL: `http://${hostOf(plain)}/v1` };
  expect((await listConfigs(env)).text).not.toContain("isError");
  expect((await doctor(env)).code).toBe(0);
  expect(proxy.seen[0]?.asked).toBe(`GET http://${hostOf(plain)}/v1/configs`);
});

test("NO_PROXY keeps a host from the proxy, and doctor says so", async () => {
  proxy = await startForwardProxy(() => 403);
  const env = { HTTPS_PROXY: `http://${proxy.host}`, NO_PROXY: "example.com, 127.0.0.0/8" };
  expect((await listConfigs(env)).text).not.toContain("isError");
  expect((await doctor(env)).stdout).toContain("answers directly (NO_PROXY)");
  expect(proxy.seen).toEqual([]);
});

test("the sandbox in this process needs no proxy", async () => {
  const { stdout, code } = await server
    .start(["doctor", "--sandbox"], { HTTP_PROXY: "http://127.0.0.1:9", HTTPS_PROXY: "http://127.0.0.1:9" })
    .end();
  expect(stdout).toContain("answers directly (NO_PROXY)");
  expect(code).toBe(0);
});

describe("a fault of the proxy's is told as that, with the setting's name", () => {
  const faults = [
    ["asks for a login", 407, "", "asks for a user name and password (status 407)"],
    ["refuses the login", 407, `${LOGIN}@`, "does not accept the user name and password in HTTPS_PROXY (status 407)"],
    ["forbids the host", 403, "", "does not let this server reach 127.0.0.1:"],
    ["cannot reach the host", 503, "", "could not reach 127.0.0.1:"],
  ] as const;
  test.each(faults)("one that %s", async (_name, status, login, words) => {
    proxy = await startForwardProxy(() => status);
    const env = { HTTPS_PROXY: `http://${login}${proxy.host}` };
    const { text, stderr } = await listConfigs(env);
    const { stdout, code } = await doctor(env);
    const fault = `the proxy ${proxy.host} (HTTPS_PROXY) ${words}`;
    expect({ text, stdout }).toEqual({ text: expect.stringContaining(fault), stdout: expect.stringContaining(fault) });
    expect(text).toContain("Nothing was done.");
    expect(code).toBe(1);
    expect(text + stderr + stdout).not.toContain("not-to-be-shown");
  });

  test("one that asks for a login where requests are passed on as they are", async () => {
    proxy = await startForwardProxy(() => 407);
    const env = { HTTP_PROXY: proxy.host, PORTKEY_BASE_URL: `http://${hostOf(plain)}/v1` };
    const words = `the proxy ${proxy.host} (HTTP_PROXY) asks for a user name and password (status 407)`;
    expect((await listConfigs(env)).text).toContain(words);
    expect((await doctor(env)).stdout).toContain(words);
  });

  test.each(["https", "http"])("one that is not there, for %s", async (scheme) => {
    const host = `127.0.0.1:${await closedPort()}`;
    const base = scheme === "https" ? `https://${hostOf(upstream)}/v1` : `http://${hostOf(plain)}/v1`;
    const env = { HTTP_PROXY: `http://${host}`, PORTKEY_BASE_URL: base };
    const words = `the proxy ${host} (HTTP_PROXY) cannot be reached: the connection was refused`;
    expect((await listConfigs(env)).text).toContain(words);
    expect((await doctor(env)).stdout).toContain(words);
  });
});

test.each([
  ["socks5://127.0.0.1:1080", "HTTPS_PROXY names a proxy of the kind socks5://"],
  ["http://user:pass-not-to-be-shown@:", "HTTPS_PROXY is not a URL"],
])("a proxy of %s keeps the server from starting", async (value, words) => {
  const { code, stderr } = await server.start([], settings({ HTTPS_PROXY: value })).end();
  expect(code).toBe(2);
  expect(stderr).toContain(words);
  expect(stderr).not.toContain("not-to-be-shown");
});

test("settings that contradict each other or are not read are said in the log", async () => {
  const { stderr } = await listConfigs({ HTTPS_PROXY: "", https_proxy: "", ALL_PROXY: "http://127.0.0.1:9" });
  expect(stderr).toContain("ALL_PROXY is not read. Set HTTPS_PROXY");
});

test.each([
  ["/nowhere/ca.pem", 'WRONG  NODE_EXTRA_CA_CERTS: cannot read "/nowhere/ca.pem" (ENOENT)'],
  ["/etc/hosts", 'WRONG  NODE_EXTRA_CA_CERTS: "/etc/hosts" holds no certificate in PEM'],
])("authorities in %s: doctor says that they do not count", async (path, words) => {
  const { stdout, code } = await doctor({ NODE_EXTRA_CA_CERTS: path });
  expect(stdout).toContain(words);
  expect(stdout).toContain("NODE_EXTRA_CA_CERTS can name the authority");
  expect(code).toBe(1);
});

test("a link to a private address is refused before the proxy is asked", async () => {
  proxy = await startForwardProxy();
  useProxies({ http: { setting: "HTTP_PROXY", url: new URL(`http://${proxy.host}`) }, noProxy: "" });
  const signal = AbortSignal.timeout(5_000);
  await expect(guardedRequest("http://169.254.169.254/latest", { signal })).rejects.toThrow(PrivateAddress);
  expect(proxy.seen).toEqual([]);
  const answered = await guardedRequest(`http://${hostOf(plain)}/`, { signal, allowPrivate: true });
  answered.body.destroy();
  expect([answered.status, proxy.seen.length]).toEqual([200, 1]);
});
