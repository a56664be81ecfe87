import { describe, expect, test } from "vitest";
import { parseCommandLine } from "../../src/cli/command-line.ts";

const COMMANDS = ["stdio", "http", "sandbox", "completion"];
const parse = (...argv: string[]) =>
  parseCommandLine(argv, COMMANDS, "stdio", (command) => Number(command === "completion"));

describe("a command line is read as", () => {
  const cases: [string[], object][] = [
    [[], { command: "stdio", switches: new Set(), settings: {} }],
    [["http", "--port", "0"], { command: "http", settings: { MCP_PORT: "0" } }],
    [["--port=0", "http"], { command: "http", settings: { MCP_PORT: "0" } }],
    [["sandbox", "--port", "8787"], { command: "sandbox", settings: { MCP_PORT: "8787" } }],
    [
      ["--sandbox", "--read-only"],
      { command: "stdio", switches: new Set(["sandbox"]), settings: { PORTKEY_READ_ONLY: "true" } },
    ],
    [["--read-only=false"], { settings: { PORTKEY_READ_ONLY: "false" } }],
    [["--domains", "prompts,configs"], { settings: { PORTKEY_TOOL_DOMAINS: "prompts,configs" } }],
    [["--tools", "get_*", "--tools=!get_log"], { settings: { PORTKEY_TOOLS: "get_*,!get_log" } }],
    [
      ["--confirm", "never", "--profile", "core", "--discover"],
      { settings: { PORTKEY_CONFIRM: "never", PORTKEY_PROFILE: "core", PORTKEY_DISCOVER: "true" } },
    ],
    [["completion", "zsh"], { command: "completion", word: "zsh" }],
    [["completion"], { command: "completion" }],
    [["-h"], { switches: new Set(["help"]) }],
    [["-v"], { switches: new Set(["version"]) }],
    [["help"], { switches: new Set(["help"]) }],
    [["version"], { switches: new Set(["version"]) }],
  ];
  test.each(cases)("%j", (argv, want) => {
    expect(parse(...argv)).toMatchObject(want);
  });
});

describe("a command line is refused", () => {
  const cases: [string[], string][] = [
    [["--read-onyl"], "--read-onyl is not a flag. Did you mean --read-only? See --help."],
    [["-x"], "-x is not a flag. See --help."],
    [["--verbose"], "--verbose is not a flag. See --help."],
    [["deploy"], '"deploy" is not a command. See --help.'],
    [["--constructor"], "--constructor is not a flag."],
    [["htpp"], '"htpp" is not a command. Did you mean http? See --help.'],
    [["completion", "zsh", "now"], '"now" is one word too many. See --help.'],
    [["http", "now"], '"now" is one word too many. See --help.'],
    [["--port", "1"], "--port is not for the command stdio. See --help."],
    [["sandbox", "--read-only"], "--read-only is not for the command sandbox. See --help."],
    [["--domains"], "--domains needs a value: --domains <list>."],
    [["--domains="], "--domains needs a value: --domains <list>."],
    [["--domains", "--read-only"], "--domains needs a value: --domains <list>."],
    [["--sandbox=yes"], "--sandbox takes no value."],
    [["--no-sandbox"], "--no-sandbox is not a flag."],
  ];
  test.each(cases)("%j", (argv, want) => {
    expect(() => parse(...argv)).toThrow(want);
  });

  test("with a line for each mistake", () => {
    expect(() => parse("--nope", "--domains")).toThrow(/^--nope is not a flag\..*\n--domains needs a value/);
  });
});
