/** Each edition's document, imported as its own and as another's. */
import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { editionsIn } from "../../codegen/editions.ts";
import { importDocument } from "../../codegen/import.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const theirs = fileURLToPath(new URL("../../../shared/api/airs/airs-openapi.yaml", import.meta.url));
const here = await readFile(theirs).then(
  () => true,
  () => false,
);
const editions = await editionsIn(join(root, "openapi"));

let project = "";
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "portkey-editions-"));
  for (const part of ["openapi", "generated", "README.md"])
    await cp(join(root, part), join(project, part), { recursive: true });
});
afterAll(() => rm(project, { recursive: true, force: true }));

async function state(): Promise<Record<string, string>> {
  const entries = await readdir(project, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = files.map(async (file) => [file.slice(project.length), await readFile(file, "utf8")] as const);
  return Object.fromEntries(await Promise.all(texts));
}

test("there are two", () => {
  expect(editions).toEqual(["airs", "portkey"]);
});

describe.each(editions)("%s", (edition) => {
  const own = join(root, "openapi", edition, "document.yaml");

  test("its committed document imports, and changes nothing", { timeout: 60_000 }, async () => {
    const before = await state();
    const report = await importDocument({ edition, source: own, keepProse: false, project });
    expect(report.changes).toEqual([]);
    expect(await state()).toEqual(before);
  });

  test.each(editions.filter((other) => other !== edition))(
    "it is refused as %s, with file, line and the edition that it is of",
    { timeout: 60_000 },
    async (other) => {
      const before = await state();
      const importing = importDocument({ edition: other, source: own, keepProse: false, project });
      await expect(importing).rejects.toThrowError(
        new RegExp(`document\\.yaml:\\d+: a document of the edition ${edition} .*--edition ${edition}`),
      );
      expect(await state()).toEqual(before);
    },
  );
});

test.skipIf(!here)("the published document of airs imports and changes nothing", { timeout: 60_000 }, async () => {
  const before = await state();
  const { changes } = await importDocument({ edition: "airs", source: theirs, keepProse: false, project });
  expect(changes).toEqual([]);
  expect(await state()).toEqual(before);
});

test("an edition that is not there is named with those that are", async () => {
  const importing = importDocument({ edition: "nope", source: "x.yaml", keepProse: false, project });
  await expect(importing).rejects.toThrowError(/no edition is called nope; there are airs, portkey/);
});
