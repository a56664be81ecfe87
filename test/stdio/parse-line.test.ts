import { describe, expect, test } from "vitest";
import { parseLine } from "../../src/stdio/parse-line.ts";

const parse = (text: string | Buffer) => parseLine({ kind: "line", bytes: Buffer.from(text as string) });

describe("a line is a message", () => {
  const cases: [string, string, object][] = [
    ["a request", '{"jsonrpc":"2.0","id":1,"method":"ping"}', { jsonrpc: "2.0", id: 1, method: "ping" }],
    [
      "with parameters",
      '{"jsonrpc":"2.0","id":"a","method":"m","params":{"x":null}}',
      { jsonrpc: "2.0", id: "a", method: "m", params: { x: null } },
    ],
    [
      "with null for parameters",
      '{"jsonrpc":"2.0","id":1,"method":"m","params":null}',
      { jsonrpc: "2.0", id: 1, method: "m" },
    ],
    [
      "with a member nobody knows",
      '{"jsonrpc":"2.0","id":1,"method":"m","extra":1}',
      { jsonrpc: "2.0", id: 1, method: "m" },
    ],
    ["a notification", ' {"jsonrpc":"2.0","method":"m"} ', { jsonrpc: "2.0", method: "m" }],
    ["a result", '{"jsonrpc":"2.0","id":1,"result":{}}', { jsonrpc: "2.0", id: 1, result: {} }],
    [
      "an error",
      '{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"no"}}',
      { jsonrpc: "2.0", id: 1, error: { code: -1, message: "no" } },
    ],
    [
      "a progress token",
      '{"jsonrpc":"2.0","id":1,"method":"m","params":{"_meta":{"progressToken":0}}}',
      {
        jsonrpc: "2.0",
        id: 1,
        method: "m",
        params: { _meta: { progressToken: 0 } },
      },
    ],
  ];
  test.each(cases)("%s", (_title, line, want) => {
    expect(parse(line)).toEqual({ message: want });
  });
});

test.each(["", "  ", "\t"])("%j is nothing", (line) => {
  expect(parse(line)).toBeUndefined();
});

describe("a line is answered with an error", () => {
  const cases: [string, string | Buffer, number, string | number | null][] = [
    ["not JSON", "hello", -32700, null],
    ["half of a message", '{"jsonrpc":"2.0","id":1,', -32700, null],
    ["not UTF-8", Buffer.from([0x22, 0xff, 0x22]), -32700, null],
    ["a batch", '[{"jsonrpc":"2.0","id":1,"method":"ping"}]', -32600, null],
    ["a string", '"ping"', -32600, null],
    ["null", "null", -32600, null],
    ["no version", '{"id":7,"method":"ping"}', -32600, 7],
    ["another version", '{"jsonrpc":"1.0","id":7,"method":"ping"}', -32600, 7],
    ["null as id", '{"jsonrpc":"2.0","id":null,"method":"ping"}', -32600, null],
    ["a fraction as id", '{"jsonrpc":"2.0","id":1.5,"method":"ping"}', -32600, null],
    ["an object as id", '{"jsonrpc":"2.0","id":{},"method":"ping"}', -32600, null],
    ["a number as method", '{"jsonrpc":"2.0","id":7,"method":1}', -32600, 7],
    ["neither request nor response", '{"jsonrpc":"2.0","id":7}', -32600, 7],
    ["both result and error", '{"jsonrpc":"2.0","id":7,"result":{},"error":{}}', -32600, 7],
    ["a list as parameters", '{"jsonrpc":"2.0","id":7,"method":"m","params":[1]}', -32602, 7],
    ["a string as _meta", '{"jsonrpc":"2.0","id":7,"method":"m","params":{"_meta":"x"}}', -32602, 7],
    [
      "a string as related task",
      '{"jsonrpc":"2.0","id":7,"method":"m","params":{"_meta":{"io.modelcontextprotocol/related-task":"t"}}}',
      -32602,
      7,
    ],
    [
      "an object as progress token",
      '{"jsonrpc":"2.0","id":7,"method":"m","params":{"_meta":{"progressToken":{}}}}',
      -32602,
      7,
    ],
  ];
  test.each(cases)("%s", (_title, line, code, id) => {
    expect(parse(line)).toEqual({
      answer: { jsonrpc: "2.0", id, error: { code, message: expect.stringMatching(/\.$/) } },
    });
  });
});

describe("the id of a message that is too long", () => {
  const cases: [string, string, string, string | number | null][] = [
    ["before the method", '{"jsonrpc":"2.0","id":12,"method":"m","params":{"a":"', 'xxx"}}', 12],
    ["first of all", '{ "id" : "a-1" , "method":"m","params":{"a":"', 'xxx"}}', "a-1"],
    ["behind the parameters", '{"method":"m","params":{"a":"', 'xxx"},"jsonrpc":"2.0","id":12}', 12],
    ["behind, with the version last", '{"method":"m","params":{"a":"', 'xxx"},"id":12,"jsonrpc":"2.0"}', 12],
    ["quotes in the id", '{"jsonrpc":"2.0","id":"a\\"b","method":"m"', "}}", 'a"b'],
    ["text that looks like one", '{"method":"m","params":{"a":"\\"id\\":5,', '\\"id\\":12}"}}', null],
    ["an argument of that name", '{"method":"m","params":{"a":{"id":5,', '"id":12}}}', null],
    ["none", "xxxx", "xxxx", null],
  ];
  test.each(cases)("%s", (_title, head, tail, id) => {
    const parsed = parseLine({
      kind: "too-long",
      length: 11_000_000,
      head: Buffer.from(head),
      tail: Buffer.from(tail),
    });
    expect(parsed).toEqual({
      answer: { jsonrpc: "2.0", id, error: { code: -32600, message: expect.stringContaining("11000000 bytes") } },
    });
  });
});

test.each([
  ["what a client says of itself", '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":', "}}"],
  ["an answer", '{"jsonrpc":"2.0","id":1,"result":', "}"],
  ["an error", '{"jsonrpc":"2.0","id":1,"error":', "}"],
])("%s that is too deep to be written again is refused", (_what, start, end) => {
  const deep = (levels: number) => `${start}${'{"a":'.repeat(levels)}1${"}".repeat(levels)}${end}`;
  expect(parse(deep(150_000))).toMatchObject({
    answer: { id: 1, error: { code: -32600, message: "The message is nested deeper than 100 levels." } },
  });
  expect(parse(deep(50))).toHaveProperty("message");
});
