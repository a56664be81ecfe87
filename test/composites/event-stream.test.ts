import { describe, expect, test } from "vitest";
import { eventData } from "../../src/composites/completion/event-stream.ts";
import { readLines } from "../../src/composites/streams/lines.ts";

/** The text as UTF-8, cut after every `size` bytes. */
export function streamOf(text: string, size = 1_000_000): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  return new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
      controller.close();
    },
  });
}

const all = async (from: AsyncIterable<string>) => {
  const found: string[] = [];
  for await (const each of from) found.push(each);
  return found;
};

describe.each([1, 2, 3, 7, 1_000_000])("in pieces of %i bytes", (size) => {
  test.each<[string, string, string[]]>([
    ["events end with an empty line", "data: a\n\ndata: b\n\n", ["a", "b"]],
    ["several data lines are one event", "data: a\ndata: b\n\n", ["a\nb"]],
    ["only one space is taken off", "data:a\n\ndata:  b\n\n", ["a", " b"]],
    ["comments and other fields are skipped", ": hello\nevent: x\nid: 1\ndata: a\n\n", ["a"]],
    ["CRLF and CR end lines too", "data: a\r\n\r\ndata: b\r\rdata: c\n\n", ["a", "b", "c"]],
    ["characters of several bytes stay whole", "data: grün 🚀\n\n", ["grün 🚀"]],
    ["an event that the end cuts short is dropped", "data: a\n\ndata: b", ["a"]],
    ["nothing is nothing", "", []],
  ])("%s", async (_title, text, want) => {
    expect(await all(eventData(streamOf(text, size)))).toEqual(want);
  });

  test("lines without an end are lines", async () => {
    expect(await all(readLines(streamOf("a\nb\r\nc", size)))).toEqual(["a", "b", "c"]);
  });
});
