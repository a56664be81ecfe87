/** Arguments that are too deep, too wide or too many are told as not sent, at once and in few words. */
import { describe, expect, test } from "vitest";
import { PortkeyMcpError } from "../../src/errors/errors.ts";
import { windowBefore } from "../../src/composites/analytics/analytics-window.ts";
import { readKnownValues } from "../../src/composites/values/check-arguments.ts";
import { callRecord } from "../../src/portkey/call-record.ts";
import { RpcError } from "../../src/mcp/rpc-error.ts";
import { processorTime } from "../errors/processor-time.ts";
import { context, CREATE, LIST, portkeyAt, UPDATE } from "./records.ts";

const portkey = portkeyAt("http://127.0.0.1:9");
const nested = (levels: number) => JSON.parse(`${"[".repeat(levels)}${"]".repeat(levels)}`) as unknown;
const members = (count: number, name: (index: number) => string) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [name(index), index]));

async function refusal(args: Readonly<Record<string, unknown>>, tool = CREATE): Promise<PortkeyMcpError> {
  const error = await callRecord(portkey, { record: tool, args, context: context() }, { maxResultBytes: 40_000 }).catch(
    (each: unknown) => each,
  );
  expect(error).toBeInstanceOf(PortkeyMcpError);
  return error as PortkeyMcpError;
}

describe("arguments", () => {
  test.each<[string, Readonly<Record<string, unknown>>, RegExp]>([
    ["too deep", { name: "n", config: nested(101) }, /nothing was sent.*nested deeper than 100 levels/s],
    ["far too deep", { name: "n", config: nested(100_000) }, /nothing was sent.*nested deeper than 100 levels/s],
    ["too deep in more", { more: { name: "n", config: nested(5_000) } }, /nothing was sent.*nested deeper/s],
    ["twice and too deep", { name: nested(5_000), more: { name: nested(5_000) } }, /nothing was sent.*nested deeper/s],
    ["too wide", { name: "n", config: Array<number>(150_000).fill(1) }, /nothing was sent.*more than 100000 values/s],
    [
      "too many unknown",
      { name: "n", ...members(60_000, (index) => `unknown_${index}`) },
      /nothing was sent.*60000 arguments/s,
    ],
  ])("%s", async (_, args, message) => {
    const error = await refusal(args);
    expect(error.code).toBe("BAD_INPUT");
    expect(error.message).toMatch(message);
    expect(error.message.length).toBeLessThan(2_000);
    expect(await processorTime(() => refusal(args))).toBeLessThan(500);
  });

  const long = "x".repeat(1_000_000);
  test.each([
    ["a name", { [long]: 1, current_page: {} }, LIST],
    ["a path", { name: "n", config: { [long]: Number.MAX_SAFE_INTEGER + 1 } }, CREATE],
    ["an id", { thing_id: long, name: "n" }, UPDATE],
    ["a path of fields", { fields: long.replaceAll("xx", "x]"), thing_id: "t" }, UPDATE],
  ] as const)("a megabyte in %s is not said back", async (_where, args, tool) => {
    const error = await refusal(args, tool);
    expect(error.message.length + JSON.stringify(error.details).length).toBeLessThan(6_000);
  });
});

describe("what else is said back", () => {
  const long = "y".repeat(1_000_000);
  test.each<[string, () => unknown]>([
    ["a time", () => windowBefore("w", long, 7)],
    ["a time out of range", () => windowBefore("w", "-271821-04-20T00:00:00Z", 365)],
    [
      "values of a list",
      () => readKnownValues("tool", { kinds: Array<string>(80_000).fill(long.slice(0, 100)) }, "kinds", ["prompts"]),
    ],
    [
      "anything",
      () => {
        throw new PortkeyMcpError("BAD_INPUT", long, { uri: long, list: Array<string>(9_000).fill("z") });
      },
    ],
  ])("%s is cut", (_, call) => {
    let error: unknown;
    try {
      call();
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(PortkeyMcpError);
    const { message, details } = error as PortkeyMcpError;
    expect(message.length + JSON.stringify(details).length).toBeLessThan(12_000);
  });

  test("a JSON-RPC error is cut too", () => {
    expect(new RpcError(-32602, long).message.length).toBeLessThanOrEqual(10_000);
  });
});
