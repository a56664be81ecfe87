/** What is kept of what was made the last time, and what is made anew. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createMaker } from "../../codegen/emit/made.ts";

const HEAD = "// head\n";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "portkey-made-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Asks for the file made from `from`, as `made`; what there is then is on disk. */
async function made(from: unknown, text: string, where: string | undefined = folder): Promise<string> {
  const maker = await createMaker(HEAD, where);
  const got = await maker.text("a.ts", from, async () => text);
  await writeFile(join(folder, "a.ts"), HEAD + got);
  await writeFile(join(folder, "made.json"), maker.record());
  return got;
}

test("what is made from the same is kept", async () => {
  expect(await made({ a: 1 }, "first")).toBe("first");
  expect(await made({ a: 1 }, "second")).toBe("first");
});

test.each<[string, () => Promise<void>]>([
  ["that was edited by hand", () => writeFile(join(folder, "a.ts"), `${HEAD}edited`)],
  ["that is gone", () => rm(join(folder, "a.ts"))],
  ["of which nothing is known", () => rm(join(folder, "made.json"))],
  ["of which what is known cannot be read", () => writeFile(join(folder, "made.json"), "{")],
  [
    "that another version of a generator made",
    async () => {
      const text = await readFile(join(folder, "made.json"), "utf8");
      await writeFile(join(folder, "made.json"), text.replace(/"from": "\w+"/, '"from": "0"'));
    },
  ],
])("a file %s is made anew", async (_what, change) => {
  await made({ a: 1 }, "first");
  await change();
  expect(await made({ a: 1 }, "second")).toBe("second");
});

test("from something else, or without looking at what there is, all is made anew", async () => {
  await made({ a: 1 }, "first");
  const anew = await createMaker(HEAD);
  expect(await anew.text("a.ts", { a: 1 }, async () => "second")).toBe("second");
  expect(await made({ a: 2 }, "third")).toBe("third");
});
