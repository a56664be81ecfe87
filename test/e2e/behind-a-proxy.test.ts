/** A server that has no way out but its company's proxy, with the company's own certificate authority. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeKey, sign, type SigningKey } from "../http/auth/issuer.ts";
import { Browser } from "../http/oauth-proxy/browser.ts";
import { REDIRECT } from "../http/oauth-proxy/person.ts";
import { RawClient } from "../http/oauth-proxy/raw-client.ts";
import { call, INITIALIZE, listening, useBuiltServer } from "./built-server.ts";
import { cutOff, whyNotCutOff, type CutOffNetwork } from "./cut-off-network.ts";
import { makeTlsFiles, type TlsFiles } from "./tls-files.ts";
import { send } from "./under-a-name.ts";
import { listen } from "../listen.ts";

const why = whyNotCutOff();
const PORTKEY = "portkey.beyond.example";
const LOGIN = "login.beyond.example";
const SIEM = "siem.beyond.example";
const COLLECTOR = "collector.beyond.example";
const NAMES = [PORTKEY, LOGIN, SIEM, COLLECTOR];

describe.skipIf(why !== undefined)(
  `behind a forward proxy alone${why === undefined ? "" : ` (skipped: ${why})`}`,
  () => {
    const server = useBuiltServer(() => network.within);
    let network: CutOffNetwork;
    let tls: TlsFiles;
    let beyond: Server;
    let key: SigningKey;
    let port: number;
    const seen: string[] = [];
    /** What the issuer says of the person whose code is redeemed next. */
    let identity: Readonly<Record<string, unknown>> = {};

    beforeAll(async () => {
      network = await cutOff(NAMES);
      tls = makeTlsFiles(NAMES);
      key = await makeKey("one");
      beyond = createServer({ key: readFileSync(tls.key), cert: readFileSync(tls.cert) }, (request, response) => {
        seen.push(`${request.method} ${request.headers.host?.split(":")[0]}${request.url}`);
        void answerTo(request.url ?? "").then((answer) => {
          response.writeHead(200, { "content-type": "application/json" });
          response.end(request.method === "HEAD" ? undefined : JSON.stringify(answer));
        });
      });
      ({ port } = await listen(beyond));
    });
    afterAll(async () => {
      beyond.closeAllConnections();
      beyond.close();
      tls.remove();
      await network.close();
    });

    async function answerTo(path: string): Promise<unknown> {
      const issuer = `https://${LOGIN}:${port}`;
      const endpoints = { authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token` };
      if (path.startsWith("/.well-known"))
        return { issuer, jwks_uri: `${issuer}/keys`, ...endpoints, id_token_signing_alg_values_supported: [key.alg] };
      if (path === "/keys") return { keys: [key.publicJwk] };
      if (path === "/token")
        return { access_token: "a", token_type: "bearer", id_token: await sign(key, { iss: issuer, ...identity }) };
      return { success: true, data: [{ id: "pc-beyond", name: "beyond", slug: "beyond" }], total: 1 };
    }

    const settings = (way: Readonly<Record<string, string>>) => ({
      PORTKEY_API_KEY: "pk-test",
      PORTKEY_BASE_URL: `https://${PORTKEY}:${port}/v1`,
      PORTKEY_MAX_RETRIES: "0",
      NODE_EXTRA_CA_CERTS: tls.cert,
      ...way,
    });
    const throughProxy = () => settings({ HTTPS_PROXY: `http://ann:secret%2D7@${network.proxy}` });

    test("without the proxy's name nothing is reached: the direct ways are cut off", async () => {
      const { stdout, code } = await server.start(["doctor"], settings({})).end();
      expect(stdout).toMatch(/cannot be reached: E[A-Z_]+\./);
      expect(code).toBe(1);
    });

    test("a call over stdio reaches Portkey", async () => {
      const running = server.start([], throughProxy());
      running.send(INITIALIZE, call(1, "list_configs"));
      expect(JSON.stringify(await running.answer(1))).toContain("pc-beyond");
      await running.end();
    });

    test("doctor finds Portkey, and says which way", async () => {
      const { stdout, code } = await server.start(["doctor"], throughProxy()).end();
      expect(stdout).toContain(`${PORTKEY}:${port} answers through the proxy ${network.proxy} (HTTPS_PROXY)`);
      expect(stdout).toContain("PORTKEY_API_KEY is accepted.");
      expect(code).toBe(0);
    });

    test("the proxy's refusal of a login is told as that", async () => {
      const { stdout } = await server.start(["doctor"], settings({ HTTPS_PROXY: `http://${network.proxy}` })).end();
      expect(stdout).toContain(`the proxy ${network.proxy} (HTTPS_PROXY) asks for a user name and password`);
    });

    test("the audit's webhook and telemetry arrive", async () => {
      const running = server.start(["http", "--host", "0.0.0.0", "--port", "0"], {
        ...throughProxy(),
        MCP_AUTH_MODE: "bearer",
        MCP_AUTH_TOKEN: "a-token-of-some-length",
        MCP_SESSION_MODE: "stateless",
        MCP_AUDIT_LOG: "off",
        MCP_AUDIT_WEBHOOK_URL: `https://${SIEM}:${port}/audit`,
        MCP_AUDIT_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 1).toString("base64")}`,
        OTEL_EXPORTER_OTLP_ENDPOINT: `https://${COLLECTOR}:${port}`,
      });
      const url = (await listening(running)).replace("0.0.0.0", network.inside);
      const { status } = await send({
        address: network.inside,
        port: Number(new URL(url).port),
        headers: { authorization: "Bearer a-token-of-some-length" },
        message: call(1, "list_configs"),
      });
      expect(status).toBe(200);
      running.process.kill();
      const { stderr } = await running.ended;
      const sent = ["/v1/traces", "/v1/metrics", "/v1/logs"].map((path) => `POST ${COLLECTOR}${path}`);
      expect(seen, stderr).toEqual(expect.arrayContaining([`POST ${SIEM}/audit`, ...sent]));
    });

    test("callers log in with tokens whose keys come through the proxy, and /ready sees Portkey", async () => {
      const issuer = `https://${LOGIN}:${port}`;
      const running = server.start(["http", "--host", "0.0.0.0", "--port", "0"], {
        ...throughProxy(),
        MCP_AUTH_MODE: "jwt",
        MCP_JWT_ISSUER: issuer,
        MCP_JWT_AUDIENCE: "this-server",
        MCP_READY_CHECK_MODE: "portkey",
      });
      const url = (await listening(running)).replace("0.0.0.0", network.inside);
      const token = await sign(key, { iss: issuer, aud: "this-server", scope: "portkey:read" });
      const answer = await fetch(`${url}/mcp`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
          accept: "application/json, text/event-stream",
        },
        body: JSON.stringify({ jsonrpc: "2.0", ...INITIALIZE }),
      });
      expect([answer.status, (await answer.text()).includes("protocolVersion")]).toEqual([200, true]);
      expect(await (await fetch(`${url}/ready`)).json()).toMatchObject({ status: "ready", portkey: "ok" });
      await running.stop();
      expect(seen).toContain(`GET ${LOGIN}/keys`);
    });

    test("people log in at an issuer that registers no clients: their code is redeemed through the proxy", async () => {
      const folder = mkdtempSync(join(tmpdir(), "login-"));
      const policy = join(folder, "policy.yaml");
      writeFileSync(policy, "version: 1\nrules: [{ name: all, match: anyone }]\n");
      const running = server.start(["http", "--host", "0.0.0.0", "--port", "0"], {
        ...throughProxy(),
        MCP_AUTH_MODE: "oauth-proxy",
        MCP_PUBLIC_BASE_URL: "https://mcp.example.com",
        MCP_OAUTH_ISSUER: `https://${LOGIN}:${port}`,
        MCP_OAUTH_CLIENT_ID: "portkey-mcp",
        MCP_POLICY_FILE: policy,
      });
      const base = (await listening(running)).replace("0.0.0.0", network.inside);
      const [client, browser] = [new RawClient(base), new Browser()];
      await client.register();

      const asked = await browser.logIn(client.address(), "alice", `https://${LOGIN}:${port}/authorize`);
      const { state = "", nonce } = Object.fromEntries(asked.searchParams);
      identity = { sub: "alice", aud: "portkey-mcp", nonce };
      const callback = `${base}/oauth/callback?${new URLSearchParams({ code: "of-the-issuer", state }).toString()}`;
      const back = await browser.logIn(callback, "alice", REDIRECT);
      const { status, body } = await client.redeem(back.searchParams.get("code") ?? "");

      expect([status, await client.call(body["access_token"] ?? "")]).toEqual([200, 200]);
      await running.stop();
      rmSync(folder, { recursive: true });
      expect(seen).toContain(`POST ${LOGIN}/token`);
    });

    test("doctor reaches the issuer of callers' tokens", async () => {
      const { stdout, code } = await server
        .start(["doctor"], {
          ...throughProxy(),
          MCP_AUTH_MODE: "jwt",
          MCP_JWT_ISSUER: `https://${LOGIN}:${port}`,
          MCP_JWT_AUDIENCE: "this-server",
          MCP_PORT: "0",
        })
        .end();
      expect([code, stdout.match(/^ok .*login\.beyond\.example.*$/m)?.[0]]).toEqual([0, expect.any(String)]);
    });
  },
);
