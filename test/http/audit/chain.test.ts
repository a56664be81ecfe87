/** The chain of an audit: what it finds, and that it goes on over restarts and rotations. */
import { appendFileSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openAudit } from "../../../src/http/audit/audit.ts";
import { verifyFiles } from "../../../src/http/audit/verify-chain.ts";
import { EVENT } from "./event.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "chain-"));
  file = join(folder, "audit.log");
});
afterEach(() => rmSync(folder, { recursive: true }));

const KEY = "a-key-that-nobody-knows";
type Form = { readonly format?: "lines" | "ocsf"; readonly chain?: string | null };

/** Opens the audit, records one call for each tool, and closes it, as a process does. */
async function run(tools: readonly string[], { format = "lines", chain = KEY }: Form = {}): Promise<void> {
  const audit = openAudit(file, { format, chain });
  for (const tool of tools) audit.record({ ...EVENT, tool });
  await audit.close();
}

const lines = () => readFileSync(file, "utf8").trimEnd().split("\n");
const write = (text: readonly string[]) => writeFileSync(file, `${text.join("\n")}\n`);

describe.each<["lines" | "ocsf", string | null]>([
  ["lines", KEY],
  ["lines", null],
  ["ocsf", KEY],
  ["ocsf", null],
])("an audit as %s, its key %s", (format, chain) => {
  test("holds, and its lines still say what they said", async () => {
    await run(["a", "b", "c"], { format, chain });
    expect(await verifyFiles([file], chain)).toEqual({ lines: 4, notes: [`${file}, line 1: a chain begins.`] });
    expect(lines()[1]).toContain('"a"');
  });

  const tamperings: [string, (lines: string[]) => string[], number, RegExp][] = [
    ["a changed letter", ([a, b = "", ...c]) => [a as string, b.replace('"a"', '"x"'), ...c], 2, /was changed/],
    ["a changed number", ([a, b = "", ...c]) => [a as string, b.replace("404", "200"), ...c], 2, /was changed/],
    ["a line taken out", ([a, , ...c]) => [a as string, ...c], 2, /1 lines before it are missing/],
    ["lines changed over", ([a, b, c, d]) => [a, c, b, d] as string[], 2, /1 lines before it are missing/],
    ["a line put in twice", ([a, b, ...c]) => [a, b, b, ...c] as string[], 3, /number 2, after number 2/],
    ["a line without a chain put in", ([a, ...b]) => [a as string, '{"audit":"tool_call"}', ...b], 2, /no chain/],
    ["a line cut short", ([a, b = "", ...c]) => [a as string, b.slice(0, 40), ...c], 2, /no JSON/],
    ["an empty line", ([a, ...b]) => [a as string, "", ...b], 2, /no JSON/],
    ["a space more", ([a, b = "", ...c]) => [a as string, b.replace(":", ": "), ...c], 2, /was changed/],
    [
      "the beginning taken away and renumbered",
      ([, b = "", ...c]) => [b.replace('"seq":2', '"seq":1'), ...c],
      1,
      /was changed/,
    ],
  ];
  test.each(tamperings)("%s is found, and its place named", async (_title, change, line, why) => {
    await run(["a", "b", "c"], { format, chain });
    write(change(lines()));
    const { broken } = await verifyFiles([file], chain);
    expect(broken).toEqual({ file, line, why: expect.stringMatching(why) });
  });
});

test("with a key nobody else can write it anew", async () => {
  await run(["a", "b"], { chain: null });
  expect((await verifyFiles([file], KEY)).broken).toMatchObject({
    line: 1,
    why: expect.stringMatching(/key is another/),
  });
});

describe("the chain goes on", () => {
  test("after a restart", async () => {
    await run(["a"]);
    await run(["b"]);
    expect(await verifyFiles([file], KEY)).toMatchObject({ lines: 3, notes: [expect.stringMatching(/line 1/)] });
  });

  test("over a rotation, in files that are read together or each by itself", async () => {
    const audit = openAudit(file, { chain: KEY });
    audit.record({ ...EVENT, tool: "a" });
    renameSync(file, `${file}.1`);
    audit.reopen();
    audit.record({ ...EVENT, tool: "b" });
    await audit.close();
    expect(await verifyFiles([`${file}.1`, file], KEY)).toMatchObject({ lines: 3, notes: [expect.anything()] });
    expect(await verifyFiles([file], KEY)).toMatchObject({
      lines: 1,
      notes: [expect.stringMatching(/goes on from line 2 of an earlier file/)],
    });
    expect((await verifyFiles([file, `${file}.1`], KEY)).broken).toBeUndefined();
    writeFileSync(`${file}.1`, "");
  });

  const cut = () => writeFileSync(file, readFileSync(file, "utf8").slice(0, -20));
  test.each<[string, () => unknown, RegExp]>([
    ["lines that carry none", () => writeFileSync(file, '{"audit":"tool_call"}\n'), /carry no chain/],
    ["lines with another key", () => run(["b"], { chain: "another-key-of-somebody" }), /another key/],
    ["a line that was cut off", () => run(["b"]).then(cut), /incomplete/],
  ])("or begins anew and says why, after %s", async (_what, before, why) => {
    await before();
    const count = lines().length;
    await run(["c"]);
    const opening = JSON.parse(lines()[count] ?? "{}") as Record<string, unknown>;
    expect(opening).toMatchObject({ audit: "chain_started", why: expect.stringMatching(why), chain: { seq: 1 } });
  });

  test("after a restart behind lines longer than are read at once", async () => {
    const audit = openAudit(file, { chain: KEY });
    audit.record({ ...EVENT, args: { text: "é".repeat(200_000) } });
    await audit.close();
    await run(["b"]);
    expect(await verifyFiles([file], KEY)).toMatchObject({ lines: 3 });
  });
});

test("lines that cannot be written are counted", async () => {
  const audit = openAudit("/dev/full", { chain: KEY });
  for (let n = 0; n < 8_000; n += 1) audit.record(EVENT);
  expect(audit.lost()).toBeGreaterThan(1_000);
});

test("lines of before the chain are told, not held against it", async () => {
  appendFileSync(file, '{"audit":"tool_call"}\n{"audit":"tool_call"}\n');
  await run(["a"]);
  expect(await verifyFiles([file], KEY)).toMatchObject({
    lines: 2,
    notes: [expect.anything(), "2 lines before the chain carry none: nothing holds them."],
  });
});
