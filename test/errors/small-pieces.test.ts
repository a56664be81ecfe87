/** Bytes in many small pieces take no more to hold than in one, wherever they come from. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SmallPieces } from "../../src/errors/small-pieces.ts";
import { collectBody } from "../../src/portkey/transport/collect-body.ts";
import { LineReader } from "../../src/stdio/line-reader.ts";
import { heapGrowth } from "./heap-growth.ts";

const MB = 1024 * 1024;
const ONE = Buffer.from("a");

test("what is given out is what came, in its order", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 6_000 }), { maxLength: 400 }), fc.nat(399), (lengths, asked) => {
      const pieces = new SmallPieces();
      const came = lengths.map((length, index) => Buffer.alloc(length, index % 256));
      const held = came.flatMap((piece, index) => [...pieces.add(piece), ...(index === asked ? pieces.rest() : [])]);
      expect(Buffer.concat([...held, ...pieces.rest()]).equals(Buffer.concat(came))).toBe(true);
    }),
    { seed: 16, numRuns: 100 },
  );
});

test("large pieces between small ones do not make the small ones large", () => {
  const pieces = new SmallPieces();
  const held = Array.from({ length: 20_000 }, (_, at) => pieces.add(Buffer.alloc(at % 2 === 0 ? 1 : 4_096))).flat();
  const memory = new Set(held.filter(({ length }) => length < 4_096).map(({ buffer }) => buffer));
  expect([...memory].reduce((sum, { byteLength }) => sum + byteLength, 0)).toBeLessThan(MB);
});

describe("a megabyte, byte by byte", () => {
  test("as an answer", async () => {
    const growth = await heapGrowth(async () => {
      const bound = { bytes: 2 * MB, cut: false };
      const collector = collectBody({ bound, decoder: undefined, onFull: () => undefined, onDrain: () => undefined });
      for (let count = 0; count < MB; count++) collector.write(Buffer.from(ONE));
      collector.end();
      expect((await collector.bytes).length).toBe(MB);
    }, 64 * MB);
    expect(growth).toBeLessThan(64 * MB);
  });

  test("as a line", async () => {
    const growth = await heapGrowth(async () => {
      const reader = new LineReader(2 * MB);
      let lines = 0;
      for (let count = 0; count < MB; count++) lines += reader.push(Buffer.from(ONE)).length;
      expect(lines).toBe(0);
      expect(reader.end()).toMatchObject({ kind: "line", bytes: { length: MB } });
    }, 64 * MB);
    expect(growth).toBeLessThan(64 * MB);
  });
});
