import { describe, expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/main.ts";
import { FLAGS } from "../../src/cli/flags.ts";
import { HTTP_SETTINGS } from "../../src/config/http-settings.ts";
import { SETTINGS } from "../../src/config/settings.ts";
import metadata from "../../package.json" with { type: "json" };
import { useBuiltServer } from "./built-server.ts";

const server = useBuiltServer();
const KEY = { PORTKEY_API_KEY: "pk-test" };

describe("a configuration that cannot work ends with one line and exit code 2", () => {
  const cases: [string, string[], Record<string, string>, RegExp][] = [
    ["no key", [], {}, /PORTKEY_API_KEY is not set/],
    ["a key that is empty", [], { PORTKEY_API_KEY: "" }, /PORTKEY_API_KEY is not set/],
    [
      "a malformed URL",
      [],
      { ...KEY, PORTKEY_BASE_URL: "api.portkey.ai" },
      /PORTKEY_BASE_URL is "api\.portkey\.ai", which is not a URL/,
    ],
    ["plain http", [], { ...KEY, PORTKEY_BASE_URL: "http://portkey.example.com" }, /PORTKEY_ALLOW_INSECURE_HTTP=true/],
    [
      "a private address",
      [],
      { ...KEY, PORTKEY_GATEWAY_URL: "https://[::1]:8787" },
      /PORTKEY_ALLOW_PRIVATE_BASE_URL=true/,
    ],
    ["an unknown domain", ["--domains", "prompts,confgs"], KEY, /"confgs".*configs/],
    ["an unknown tool", ["--tools", "list_promts"], KEY, /"list_promts".*list_prompts/],
    ["an unknown profile", ["--profile", "full"], KEY, /--profile is "full"\. Use one of: core/],
    ["an unknown flag", ["--read-onyl"], KEY, /--read-onyl is not a flag\. Did you mean --read-only\?/],
    ["an unknown command", ["htpp"], KEY, /"htpp" is not a command/],
    ["a flag without its value", ["--domains"], KEY, /--domains needs a value/],
    [
      "not a number",
      [],
      { ...KEY, PORTKEY_TIMEOUT_MS: "1m" },
      /PORTKEY_TIMEOUT_MS is "1m", which is not a whole number/,
    ],
    [
      "a file that is not there",
      [],
      { PORTKEY_API_KEY_FILE: "/nowhere/key" },
      /PORTKEY_API_KEY_FILE: cannot read "\/nowhere\/key" \(ENOENT\)/,
    ],
    [
      "both a key and a file of it",
      [],
      { ...KEY, PORTKEY_API_KEY_FILE: "/nowhere/key" },
      /PORTKEY_API_KEY and PORTKEY_API_KEY_FILE are both set/,
    ],
    [
      "a transport that is none",
      [],
      { ...KEY, MCP_TRANSPORT: "websocket" },
      /MCP_TRANSPORT is "websocket"\. Use one of: stdio, http/,
    ],
  ];
  test.each(cases)("%s", async (_title, args, env, want) => {
    const { code, stdout, stderr } = await server.start(args, env).end();
    expect({ code, stdout, lines: stderr.split("\n").length }).toEqual({ code: 2, stdout: "", lines: 2 });
    expect(stderr).toMatch(want);
    expect(stderr).toMatch(/^portkey-admin-mcp: /);
  });
});

test("--version says the package's version", async () => {
  expect(await server.start(["--version"]).end()).toMatchObject({
    code: 0,
    stdout: `${metadata.version}\n`,
    stderr: "",
  });
});

test("--help names every command, flag and setting", async () => {
  const { code, stdout, stderr } = await server.start(["--help"]).end();
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const names = [
    ...Object.keys(COMMANDS),
    ...Object.keys(FLAGS).map((flag) => `--${flag}`),
    ...Object.keys(SETTINGS),
    ...Object.keys(HTTP_SETTINGS),
  ];
  expect(names.filter((name) => !new RegExp(`^ +(\\S+, )?${name}\\b`, "m").test(stdout))).toEqual([]);
});

test("--help needs no configuration", async () => {
  expect(await server.start(["--help"], { PORTKEY_BASE_URL: "nonsense" }).end()).toMatchObject({ code: 0 });
});
