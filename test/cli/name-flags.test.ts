/** A mistake names what was written: the flag, where the setting came from a flag. */
import { expect, test } from "vitest";
import { FLAGS, nameFlags } from "../../src/cli/flags.ts";
import { useBuiltServer } from "../e2e/built-server.ts";

const server = useBuiltServer();

/** A value that each flag's setting refuses, and how the mistake begins. */
const WRONG: Readonly<Record<string, readonly [argv: readonly string[], told: RegExp]>> = {
  domains: [["--domains", "promts"], /^--domains: "promts" is not a domain\. Did you mean "prompts"\?/],
  tools: [["--tools", "get_promt"], /^--tools: "get_promt" is not a tool\./],
  "read-only": [["--read-only=perhaps"], /^--read-only is "perhaps"\. Use true or false\./],
  profile: [["--profile", "cor"], /^--profile is "cor"/],
  discover: [["--discover=perhaps"], /^--discover is "perhaps"\. Use true or false\./],
  confirm: [["--confirm", "allways"], /^--confirm is "allways"\. Use one of: auto, always, never\./],
  edition: [["--edition", "air"], /^--edition is "air"/],
  seed: [["--sandbox", "--seed", "/nowhere"], /^--seed: cannot read "\/nowhere" \(ENOENT\)\./],
  host: [["http", "--sandbox", "--host", "203.0.113.9"], /^--host is "203\.0\.113\.9", which others can reach/],
  port: [["http", "--sandbox", "--port", "70000"], /^--port is 70000\. The most is 65535\./],
};

test("every flag of a setting is tried", () => {
  const flags = Object.keys(FLAGS).filter((name) => FLAGS[name]?.setting !== undefined);
  expect(Object.keys(WRONG).sort()).toEqual(flags.sort());
});

test.each(Object.entries(WRONG))("a mistake in --%s is told by the flag", async (_flag, [argv, told]) => {
  const { code, stderr } = await server.start([...argv], { PORTKEY_API_KEY: "pk-1" }).end();
  expect(stderr.replace(/^portkey-admin-mcp: /, "")).toMatch(told);
  expect(code).toBe(2);
});

test.each([
  ["where it came from the environment", { PORTKEY_TOOL_DOMAINS: "promts" }, "PORTKEY_TOOL_DOMAINS"],
  ["also a profile", { PORTKEY_PROFILE: "cor" }, "PORTKEY_PROFILE"],
])("the variable is named %s", async (_title, env, told) => {
  const { stderr } = await server.start([], { PORTKEY_API_KEY: "pk-1", ...env }).end();
  expect(stderr).toContain(`portkey-admin-mcp: ${told}`);
});

test("doctor names flags too", async () => {
  const { stdout } = await server.start(["doctor", "--domains", "promts"], { PORTKEY_API_KEY: "pk-1" }).end();
  expect(stdout).toContain('WRONG  --domains: "promts" is not a domain.');
});

test.each([
  ["MCP_HOST and MCP_PORT: taken", "MCP_HOST and --port: taken"],
  ["MCP_PORT_3000_TCP, XMCP_PORT and MCP_METRICS_PORT", "MCP_PORT_3000_TCP, XMCP_PORT and MCP_METRICS_PORT"],
])("%s is told as %s", (text, want) => expect(nameFlags(text, { MCP_PORT: "1" })).toBe(want));
