import { afterEach, describe, expect, test } from "vitest";
import { readNoProxy } from "../../src/addresses/no-proxy.ts";
import { proxyAuthorization, useProxies, wayTo, type Proxy } from "../../src/addresses/proxies.ts";

describe("NO_PROXY", () => {
  test.each([
    ["", "https://api.portkey.ai", false],
    ["*", "https://api.portkey.ai", true],
    ["localhost,*", "https://api.portkey.ai", true],
    ["portkey.ai", "https://portkey.ai", true],
    ["portkey.ai", "https://api.portkey.ai", true],
    [".portkey.ai", "https://api.portkey.ai", true],
    ["*.portkey.ai", "https://api.portkey.ai", true],
    ["PORTKEY.ai", "https://API.portkey.AI", true],
    ["portkey.ai.", "https://api.portkey.ai", true],
    ["portkey.ai", "https://api.portkey.ai./v1", true],
    ["portkey.ai", "https://notportkey.ai", false],
    ["api.portkey.ai", "https://portkey.ai", false],
    ["a.example, portkey.ai b.example", "https://api.portkey.ai", true],
    ["a.example\tportkey.ai", "https://api.portkey.ai", true],
    ["portkey.ai:443", "https://api.portkey.ai", true],
    ["portkey.ai:8443", "https://api.portkey.ai", false],
    ["portkey.ai:8443", "https://api.portkey.ai:8443", true],
    ["portkey.ai:80", "http://api.portkey.ai", true],
    ["10.1.2.3", "https://10.1.2.3:8443", true],
    ["10.0.0.0/8", "https://10.255.0.1", true],
    ["10.0.0.0/8", "https://11.0.0.1", false],
    ["10.0.0.0/8", "https://ten.example", false],
    ["10.0.0.0/99,10.0.0.0/", "https://10.0.0.1", false],
    ["::1", "https://[::1]:3000", true],
    ["[::1]", "https://[::1]:3000", true],
    ["[::1]:3000", "https://[::1]:3000", true],
    ["[::1]:3001", "https://[::1]:3000", false],
    ["fd00::/8", "https://[fd12::7]", true],
    [".", "https://api.portkey.ai", false],
    [".svc,.cluster.local", "https://portkey.team.svc:8787", true],
  ])("%j and %s: directly %s", (list, address, direct) => {
    expect(readNoProxy(list)(new URL(address))).toBe(direct);
  });
});

describe("the way out", () => {
  const named = (setting: string): Proxy => ({ setting, url: new URL(`http://${setting.toLowerCase()}:3128`) });
  const [https, http] = [named("HTTPS-PROXY"), named("HTTP-PROXY")];
  afterEach(() => useProxies({ noProxy: "" }));

  test.each([
    [{}, "https://api.portkey.ai", undefined],
    [{ https }, "https://api.portkey.ai", https],
    [{ https }, "http://api.portkey.ai", undefined],
    [{ http }, "http://api.portkey.ai", http],
    [{ http }, "https://api.portkey.ai", http],
    [{ http, https }, "https://api.portkey.ai", https],
    [{ http, https }, "https://direct.example", undefined],
  ])("with %j to %s: %j", (proxies, address, expected) => {
    useProxies({ ...proxies, noProxy: "direct.example" });
    const way = wayTo(new URL(address));
    expect(way.kind === "proxy" ? way.proxy : undefined).toBe(expected);
  });
});

test.each([
  ["http://proxy:3128", undefined],
  ["http://ann:pa%40ss@proxy:3128", "ann:pa@ss"],
  ["http://ann@proxy:3128", "ann:"],
  ["http://ann:100%@proxy:3128", "ann:100%"],
])("%s is asked for as the user %s", (url, expected) => {
  const header = proxyAuthorization({ setting: "HTTPS_PROXY", url: new URL(url) });
  const given = header === undefined ? undefined : Buffer.from(header.replace("Basic ", ""), "base64").toString();
  expect(given).toBe(expected);
});
