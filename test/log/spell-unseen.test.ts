/** Lines that a terminal shows as they are: nobody who is written about can hide, reorder or command anything there. */
import fc from "fast-check";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openAudit } from "../../src/http/audit/audit.ts";
import { verifyFiles } from "../../src/http/audit/verify-chain.ts";
import { spellUnseen } from "../../src/log/spell-unseen.ts";
import { EVENT } from "../http/audit/event.ts";

test.each([
  ["a terminal's command in one character", "\u009b2J", "\\u009b2J"],
  ["delete", "a\u007f", "a\\u007f"],
  ["text that runs the other way", "a\u202eb", "a\\u202eb"],
  ["what has no width", "a\u200b\ufeffb", "a\\u200b\\ufeffb"],
  ["line breaks of other kinds", "a\u2028\u2029\u0085", "a\\u2028\\u2029\\u0085"],
  ["tags, which take two units", "\u{e0041}", "\\udb40\\udc41"],
  ["fillers", "\u3164\u2800", "\\u3164\\u2800"],
  ["letters of any script stay", "größe 名前 😀", "größe 名前 😀"],
])("%s", (_what, text, spelled) => {
  expect(spellUnseen(JSON.stringify(text))).toBe(`"${spelled}"`);
});

test("it is the same JSON", () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
      const json = JSON.stringify(value);
      expect(JSON.parse(spellUnseen(json))).toEqual(JSON.parse(json));
    }),
    { seed: 16, numRuns: 2_000 },
  );
});

describe("an audit in a file", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "unseen-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  test.each<[string, "lines" | "ocsf", string | null | undefined]>([
    ["lines", "lines", undefined],
    ["a chain", "lines", null],
    ["a chain of OCSF", "ocsf", "a-key-that-nobody-knows"],
  ])("as %s", async (_what, format, chain) => {
    const file = join(folder, "audit.log");
    const audit = openAudit(file, { format, ...(chain !== undefined && { chain }) });
    audit.record({ ...EVENT, targets: { slug: "a\u202eb\u009b2Jc" } });
    await audit.close();
    const text = readFileSync(file, "utf8");
    expect(text).toContain(String.raw`a\u202eb\u009b2Jc`);
    expect(text).not.toMatch(/[\u009b\u202e]/);
    if (chain !== undefined) expect((await verifyFiles([file], chain)).lines).toBe(2);
  });
});
