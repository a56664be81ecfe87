import { describe, expect, test } from "vitest";
import { baseUrlProblems, isLoopback, isPrivateHost } from "../../src/config/base-url.ts";

describe("a private host", () => {
  const cases: [string, boolean][] = [
    ["https://api.portkey.ai", false],
    ["https://8.8.8.8", false],
    ["https://[2606:4700::1111]", false],
    ["https://172.32.0.1", false],
    ["https://localhost", true],
    ["https://localhost.", true],
    ["https://portkey", true],
    ["https://portkey.local", true],
    ["https://gateway.svc.internal", true],
    ["https://127.0.0.1", true],
    ["https://2130706433", true],
    ["https://0x7f.1", true],
    ["https://0.0.0.0", true],
    ["https://10.1.2.3", true],
    ["https://100.64.0.1", true],
    ["https://169.254.169.254", true],
    ["https://172.31.255.255", true],
    ["https://192.168.0.1", true],
    ["https://[::1]", true],
    ["https://[::]", true],
    ["https://[fd00::1]", true],
    ["https://[fe80::1]", true],
    ["https://[::ffff:127.0.0.1]", true],
    ["https://[::ffff:8.8.8.8]", false],
  ];
  test.each(cases)("is that of %s: %s", (address, want) => {
    expect(isPrivateHost(new URL(address).hostname)).toBe(want);
  });
});

describe("a base that needs a word", () => {
  const neither = { privateAddress: false, insecureHttp: false };
  const cases: [string, { privateAddress: boolean; insecureHttp: boolean }, RegExp[]][] = [
    ["https://api.portkey.ai/v1", neither, []],
    [
      "https://10.0.0.1/v1",
      neither,
      [/^BASE is "https:\/\/10\.0\.0\.1\/v1", a loopback or private address\. Set PORTKEY_ALLOW_PRIVATE_BASE_URL=true/],
    ],
    ["http://example.com/v1", neither, [/plain text\. Use https, or set PORTKEY_ALLOW_INSECURE_HTTP=true/]],
    ["http://127.0.0.1:8787/v1", neither, [/PRIVATE_BASE_URL/, /INSECURE_HTTP/]],
    ["http://127.0.0.1:8787/v1", { privateAddress: true, insecureHttp: true }, []],
    ["http://127.0.0.1:8787/v1", { privateAddress: true, insecureHttp: false }, [/INSECURE_HTTP/]],
  ];
  test.each(cases)("%s with %j has the mistakes %j", (url, allowed, want) => {
    const problems = baseUrlProblems("BASE", url, allowed);
    expect(problems).toEqual(want.map((pattern) => expect.stringMatching(pattern)));
  });
});

test.each([
  ["127.0.0.1", true],
  ["127.8.8.8", true],
  ["localhost", true],
  ["::1", true],
  ["0.0.0.0", false],
  ["::", false],
  ["192.168.0.1", false],
  ["127.example.com", false],
])("listening on %s is for this machine alone: %s", (host, want) => {
  expect(isLoopback(host)).toBe(want);
});
