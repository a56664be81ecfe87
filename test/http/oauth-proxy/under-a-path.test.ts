/** The server under a path of a host, behind a real nginx with the locations that docs/deployment.md gives. */
import { auth } from "@modelcontextprotocol/sdk/client/auth.js";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterEach, describe, expect, it } from "vitest";
import { BLOCKS } from "../../docs/pages.ts";
import { hasNginx, startShippedNginx, type ShippedNginx } from "../shipped-nginx.ts";
import { startFacade, type Facade } from "./facade.ts";
import { Person } from "./person.ts";
import { freePort } from "../../free-port.ts";

const [kept] = BLOCKS.filter(({ page, language }) => page === "docs/deployment.md" && language === "nginx").map(
  ({ text }) => text,
);
const taken = kept?.replace(
  "location /portkey/ {\n      proxy_pass http://mcp;",
  "location /portkey/ {\n      proxy_pass http://mcp/;",
);

let facade: Facade;
let nginx: ShippedNginx;
afterEach(async () => {
  await nginx.close();
  await facade.close();
});

describe.skipIf(!hasNginx).each([
  ["keeps it", kept],
  ["takes it off", taken],
])("a path of the host, where the proxy %s", (_title, locations) => {
  it("is where a client logs in, calls, and a person finds the page", async () => {
    const [port, ours] = [await freePort(), await freePort()];
    const origin = `http://127.0.0.1:${port}`;
    const base = `${origin}/portkey`;
    facade = await startFacade({
      port: ours,
      base,
      answer: () => ({ data: [{ id: "pp-1", name: "greeting" }], total: 1 }),
    });
    nginx = await startShippedNginx(port, [ours, ours], locations);

    const refused = await fetch(`${base}/mcp`, { method: "POST" });
    expect(refused.headers.get("www-authenticate")).toContain(
      `resource_metadata="${origin}/.well-known/oauth-protected-resource/portkey/mcp"`,
    );
    const alice = new Person("alice");
    expect(await auth(alice, { serverUrl: `${base}/mcp` })).toBe("REDIRECT");
    expect(alice.asked[0]?.href).toMatch(`${base}/oauth/authorize?`);
    expect(await auth(alice, { serverUrl: `${base}/mcp`, authorizationCode: alice.code })).toBe("AUTHORIZED");
    const client = new Client({ name: "test", version: "1" });
    await client.connect(new StreamableHTTPClientTransport(new URL(`${base}/mcp`), { authProvider: alice }) as never);
    expect(JSON.stringify(await client.callTool({ name: "list_prompts", arguments: {} }))).toContain("greeting");
    await client.close();

    const page = await fetch(base);
    expect([page.url, page.status]).toEqual([`${base}/`, 200]);
    const text = await page.text();
    expect(text).toContain(`${base}/mcp`);
    const links = [...text.matchAll(/(?:href|src)="(?!#|data:|https?:|\w+:)([^"]+)"/g)].map(([, link = ""]) => link);
    const statuses = await Promise.all(
      links.map(async (link) => [link, (await fetch(new URL(link, page.url))).status]),
    );
    expect(statuses.length).toBeGreaterThan(4);
    expect(statuses.filter(([link, status]) => status !== (link === "metrics" ? 401 : 200))).toEqual([]);
  });
});

it("a path is served with and without it, and nothing that only begins like it", async () => {
  facade = await startFacade({
    config: { publicBaseUrl: "https://tools.example.com/portkey", allowedHosts: ["127.0.0.1"] },
  });
  nginx = { errors: () => "", close: async () => undefined };
  const statusOf = async (path: string) => (await fetch(`${facade.base}${path}`, { redirect: "manual" })).status;
  const paths = [
    "/health",
    "/portkey/health",
    "/portkey/health?x",
    "/portkey/",
    "/portkey",
    "/portkeys/health",
    "/portkey/portkey/health",
    "/Portkey/health",
  ];
  expect(await Promise.all(paths.map(async (path) => [path, await statusOf(path)]))).toEqual(
    paths.map((path, at) => [path, [200, 200, 200, 200, 308, 404, 404, 404][at]]),
  );
});
