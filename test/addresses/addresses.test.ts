/** Where this server can be led: nowhere but the public internet, unless somebody has said so. */
import { createServer, type Server } from "node:http";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createGuardedLookup, type FindAddresses } from "../../src/addresses/guarded-lookup.ts";
import { guardedRequest } from "../../src/addresses/guarded-request.ts";
import { isPrivateHost, isSpecialAddress } from "../../src/addresses/special-addresses.ts";
import { readExportRows } from "../../src/composites/exports/read-export-rows.ts";
import { loadHttpConfig } from "../../src/config/http.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import { discoverJwksUrl } from "../../src/http/auth/discovery.ts";
import { createIssuerKeys } from "../../src/http/auth/issuer-keys.ts";
import { createPooledFetch } from "../../src/portkey/transport/pooled-fetch.ts";
import { ApiRequest } from "../../src/portkey/request/api-request.ts";
import { readNetworkFailure } from "../../src/portkey/transport/network.ts";
import { listen } from "../listen.ts";

/** First and last of every special range, and forms that carry IPv4 inside IPv6. */
const SPECIAL = [
  ["0.0.0.0", "0.255.255.255"],
  ["10.0.0.0", "10.255.255.255"],
  ["100.64.0.0", "100.127.255.255"],
  ["127.0.0.0", "127.255.255.255"],
  ["169.254.0.0", "169.254.169.254", "169.254.255.255"],
  ["172.16.0.0", "172.31.255.255"],
  ["192.0.0.0", "192.0.0.255"],
  ["192.0.2.1", "192.88.99.1", "192.168.0.0", "192.168.255.255"],
  ["198.18.0.0", "198.19.255.255", "198.51.100.7", "203.0.113.9"],
  ["224.0.0.0", "239.255.255.255", "240.0.0.0", "255.255.255.254", "255.255.255.255"],
  ["::", "::1", "::2", "::127.0.0.1", "::8.8.8.8"],
  ["::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:a9fe:a9fe"],
  ["64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "64:ff9b::169.254.169.254", "64:ff9b::e000:1"],
  ["64:ff9b:1::1", "64:ff9b:1:ffff::8.8.8.8", "64:ff9b::1:0:0"],
  ["100::1", "100:0:0:1::1"],
  ["2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:2::1", "2001:10::1", "2001:20::1", "2001:1ff:ffff::1"],
  ["2001:db8::1", "2002:7f00:1::", "2002:808:808::1", "3fff::1", "3fff:fff::1", "5f00::1"],
  ["fc00::1", "fdff::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1", "4000::1", "e000::1"],
].flat();

const PUBLIC = [
  "1.1.1.1",
  "8.8.8.8",
  "9.255.255.255",
  "11.0.0.0",
  "100.63.255.255",
  "100.128.0.0",
  "126.255.255.255",
  "128.0.0.0",
  "172.15.255.255",
  "172.32.0.0",
  "192.0.1.0",
  "192.167.255.255",
  "192.169.0.0",
  "198.17.255.255",
  "198.20.0.0",
  "223.255.255.255",
  "2606:4700::1111",
  "2a00:1450::1",
  "2001:200::1",
  "2001:4860:4860::8888",
  "2003::1",
  "::ffff:8.8.8.8",
  "64:ff9b::8.8.8.8",
];

describe("the rule", () => {
  test.each(SPECIAL)("%s is special", (address) => expect(isSpecialAddress(address)).toBe(true));
  test.each(PUBLIC)("%s is public", (address) => expect(isSpecialAddress(address)).toBe(false));
  test.each(["", "x", "1.2.3", "1.2.3.4.5", "::g", "constructor", "[::1]"])("%j is no address", (text) =>
    expect(isSpecialAddress(text)).toBe(true),
  );
  test.each(["localhost", "a.localhost", "portkey", "x.local", "x.internal", "x.lan", "x.home.arpa", "LOCALHOST."])(
    "the name %s is private",
    (name) => expect(isPrivateHost(new URL(`https://${name}`).hostname)).toBe(true),
  );

  test("is the same for IPv4 however IPv6 holds it", () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const special = isSpecialAddress(address);
        const [a, b, c, d] = address.split(".").map(Number) as [number, number, number, number];
        const hex = `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
        const forms = [`::ffff:${address}`, `::ffff:${hex}`, `64:ff9b::${hex}`, `64:ff9b::${address}`];
        expect(forms.filter((form) => isSpecialAddress(form) !== special)).toEqual([]);
        expect(isSpecialAddress(`::${hex}`)).toBe(true);
        expect(isSpecialAddress(`2002:${hex}::1`)).toBe(true);
      }),
      { seed: 16, numRuns: 2_000 },
    );
  });

  test.each(["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0x7f.1", "127.0.0.1.", "０x7f.1", "①27.0.0.1"])(
    "holds for the spelling %s, which a URL takes",
    (host) => {
      expect(isPrivateHost(new URL(`https://${host}/`).hostname), host).toBe(true);
    },
  );
});

describe("a base or an issuer", () => {
  const hosts = [
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[ff02::1]",
    "224.0.0.1",
    "240.0.0.1",
    "192.0.2.1",
  ];
  test.each(hosts)("at %s is refused without a word", (host) => {
    const env = { PORTKEY_API_KEY: "k", PORTKEY_BASE_URL: `https://${host}/v1` };
    const load = (more = {}) =>
      loadConfig({ env: { ...env, ...more }, flags: {} }, [], { sandbox: false, needsKey: true });
    expect(() => load()).toThrow(/PORTKEY_ALLOW_PRIVATE_BASE_URL/);
    expect(load({ PORTKEY_ALLOW_PRIVATE_BASE_URL: "true" }).allowPrivateBase).toBe(true);
  });

  const jwt = { MCP_AUTH_MODE: "jwt", MCP_JWT_AUDIENCE: "a" };
  const privateAddresses = ["https://10.0.0.1", "https://[fd00::1]", "https://keycloak", "https://id.corp.internal"];
  const privateIssuers = privateAddresses.flatMap((address) => [
    ["issuer", address, { MCP_JWT_ISSUER: address }] as const,
    ["keys", address, { MCP_JWT_ISSUER: "https://id.example.com", MCP_JWT_JWKS_URL: `${address}/keys` }] as const,
  ]);
  test.each(privateIssuers)("the %s at %s need MCP_ALLOW_PRIVATE_ISSUER, and no other word lifts it", (_, __, env) => {
    const load = (more: object) => loadHttpConfig({ env: { ...jwt, ...env, ...more }, flags: {} });
    expect(() => load({ PORTKEY_ALLOW_PRIVATE_BASE_URL: "true" })).toThrow(/MCP_ALLOW_PRIVATE_ISSUER/);
    expect(load({ MCP_ALLOW_PRIVATE_ISSUER: "true" }).auth).toMatchObject({ allowPrivate: true });
  });
  test("on this machine is for development, and is taken", () => {
    const env = { ...jwt, MCP_JWT_ISSUER: "http://127.0.0.1:8080" };
    expect(loadHttpConfig({ env, flags: {} }).auth).not.toHaveProperty("allowPrivate");
  });
});

const finds =
  (...addresses: string[]): FindAddresses =>
  (_name, _options, found) =>
    found(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
const look = (find: FindAddresses, all = false) =>
  new Promise<unknown>((resolve, reject) => {
    createGuardedLookup(find)("name.example", { all }, (error, address) => (error ? reject(error) : resolve(address)));
  });

describe("a name, at the moment of connecting,", () => {
  test("leads to public addresses", async () => {
    expect(await look(finds("8.8.8.8"))).toBe("8.8.8.8");
    expect(await look(finds("8.8.8.8", "2606:4700::1"), true)).toHaveLength(2);
  });
  const refused = [
    ["127.0.0.1"],
    ["8.8.8.8", "10.0.0.1"],
    ["::ffff:127.0.0.1"],
    ["64:ff9b::7f00:1"],
    ["2606:4700::1", "fe80::1"],
    [],
  ];
  test.each(
    refused.flatMap((addresses) => [
      { addresses, all: true },
      { addresses, all: false },
    ]),
  )("is refused where it leads to $addresses (all asked for: $all)", async ({ addresses, all }) => {
    await expect(look(finds(...addresses), all)).rejects.toMatchObject({ code: "PRIVATE_ADDRESS" });
  });
  test("that changes its mind after the check leads nowhere: what connects is what was checked", async () => {
    let asked = 0;
    const rebinding: FindAddresses = (...call) => finds(asked++ === 0 ? "8.8.8.8" : "127.0.0.1")(...call);
    const lookup = createGuardedLookup(rebinding);
    const send = createPooledFetch({ lookup: (name, options, callback) => lookup(name, options, callback) });
    await new Promise((resolve) => lookup("name.example", { all: true }, resolve));
    const failure = await send(new ApiRequest("http://name.example:9/", {})).catch((error: unknown) => error);
    expect(readNetworkFailure(failure)).toMatchObject({ code: "PRIVATE_ADDRESS", notSent: true, lasting: true });
  });
  test("that really leads to this machine is not called", async () => {
    const send = createPooledFetch({ lookup: createGuardedLookup() });
    const failure = await send(new ApiRequest(`${origin.replace("127.0.0.1", "localhost")}/`, {})).catch(
      (e: unknown) => e,
    );
    expect(readNetworkFailure(failure).reason).toContain("PORTKEY_ALLOW_PRIVATE_BASE_URL");
    expect(seen).toEqual([]);
  });
});

let server: Server;
let other: Server;
let origin = "";
let elsewhere = "";
const seen: string[] = [];
beforeAll(async () => {
  other = createServer((request, response) => {
    seen.push(`other ${request.url}`);
    response.end('{"secret":1}\n');
  });
  server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://x");
    seen.push(pathname);
    const left = Number(searchParams.get("left"));
    if (pathname === "/to") response.writeHead(302, { location: searchParams.get("url") ?? "" }).end();
    else if (left > 0) response.writeHead(307, { location: `${pathname}?left=${left - 1}` }).end();
    else response.end('{"row":1}\n');
  });
  ({ origin } = await listen(server));
  ({ origin: elsewhere } = await listen(other));
});
afterAll(() => void [server, other].forEach((one) => one.close()));
const signal = () => AbortSignal.timeout(5_000);

describe("an export's link", () => {
  const rows = (link: string, ownHosts: readonly string[]) => {
    seen.length = 0;
    return readExportRows(link, 5, 1_000, { signal: signal(), ownHosts });
  };
  const own = () => [new URL(origin).host];

  test("is read where Portkey itself is, and over three redirects there", async () => {
    expect(await rows(`${origin}/file`, own())).toMatchObject({ rows: [{ row: 1 }] });
    expect(await rows(`${origin}/file?left=3`, own())).toMatchObject({ rows: [{ row: 1 }] });
    expect(seen).toHaveLength(4);
  });
  test("that redirects more often ends", async () => {
    await expect(rows(`${origin}/file?left=22`, own())).rejects.toThrow(/redirects too often/);
    expect(seen).toHaveLength(4);
  });
  test.each(["this machine by another port", "metadata", "loopback by name", "https of itself"])(
    "that redirects to another host is not followed: %s",
    async (what) => {
      const urls: Record<string, string> = {
        "this machine by another port": `${elsewhere}/secret`,
        metadata: "http://169.254.169.254/latest",
        "loopback by name": `${elsewhere.replace("127.0.0.1", "localhost")}/`,
        "https of itself": origin.replace("http:", "https:"),
      };
      const link = `${origin}/to?url=${encodeURIComponent(urls[what] as string)}`;
      await expect(rows(link, own())).rejects.toThrow(/another host, which is not followed/);
      expect(seen).toEqual(["/to"]);
    },
  );
  test.each([
    ["an address", () => `${elsewhere}/x`],
    ["a name", () => `${elsewhere.replace("127.0.0.1", "localhost")}/x`],
    ["an IPv4 address inside IPv6", () => "http://[::ffff:7f00:1]/x"],
  ])("to a private address that is not Portkey's, written as %s, is not called", async (_, link) => {
    await expect(rows(link(), own())).rejects.toThrow(/private or special address/);
    expect(seen).toEqual([]);
  });
});

describe("an issuer's metadata", () => {
  test("elsewhere cannot have keys fetched from this machine", async () => {
    seen.length = 0;
    const keys = createIssuerKeys({ issuer: "https://id.example.com", jwksUrl: null, timeoutMs: 2_000 });
    await expect(keys.freshen()).rejects.toThrow();
    await expect(guardedRequest(`${origin}/keys`, { signal: signal() })).rejects.toMatchObject({
      code: "PRIVATE_ADDRESS",
    });
    await expect(discoverJwksUrl("https://10.0.0.1", signal(), false)).rejects.toThrow(/private or special address/);
    expect(seen).toEqual([]);
  });
});
