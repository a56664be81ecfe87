import { describe, expect, test } from "vitest";
import { LineReader } from "../../src/stdio/line-reader.ts";

/** The lines of `chunks`, as text; a line that was too long as its length and edges. */
function read(maxBytes: number, ...chunks: string[]): unknown[] {
  const reader = new LineReader(maxBytes);
  const lines = chunks.flatMap((chunk) => reader.push(Buffer.from(chunk)));
  const rest = reader.end();
  return [...lines, ...(rest === undefined ? [] : [rest])].map((line) =>
    line.kind === "line"
      ? line.bytes.toString()
      : { length: line.length, head: line.head.toString(), tail: line.tail.toString() },
  );
}

describe("lines", () => {
  const cases: [string, string[], unknown[]][] = [
    ["several in one chunk", ["a\nb\nc\n"], ["a", "b", "c"]],
    ["one over several chunks", ["a", "b", "c\nd"], ["abc", "d"]],
    ["a break between two chunks", ["a\r", "\nb\n"], ["a", "b"]],
    ["empty ones", ["\n\n"], ["", ""]],
    ["the last without a break", ["a\nb"], ["a", "b"]],
    ["exactly the limit", ["12345678\n"], ["12345678"]],
  ];
  test.each(cases)("%s", (_title, chunks, want) => {
    expect(read(8, ...chunks)).toEqual(want);
  });
});

test("a character split between two chunks stays whole", () => {
  const reader = new LineReader(100);
  const bytes = Buffer.from("grün\n");
  expect(reader.push(bytes.subarray(0, 3))).toEqual([]);
  expect(reader.push(bytes.subarray(3)).map((line) => line.kind === "line" && line.bytes.toString())).toEqual(["grün"]);
});

test("a line over the limit is told by its edges, and the next one is read", () => {
  const long = `{"id":1,${"x".repeat(3000)}}`;
  const chunks = [long.slice(0, 10), long.slice(10, 1500), long.slice(1500, 2999), `${long.slice(2999)}\nnext\n`];
  const [first, second] = read(1000, ...chunks);
  expect(first).toEqual({ length: long.length, head: long.slice(0, 512), tail: long.slice(-512) });
  expect(second).toBe("next");
});

test("a line without end is not kept", () => {
  const reader = new LineReader(1000);
  const chunk = Buffer.alloc(64 * 1024, "x");
  const before = process.memoryUsage().arrayBuffers;
  for (let index = 0; index < 1000; index++) reader.push(chunk);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * 1024 * 1024);
  expect(reader.end()).toMatchObject({ kind: "too-long", length: 64 * 1024 * 1000 });
});
