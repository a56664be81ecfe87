import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readSecret, type SecretReference } from "../../src/config/read-secret.ts";

const folder = mkdtempSync(join(tmpdir(), "secret-"));
writeFileSync(join(folder, "key"), "pk-1\n");
writeFileSync(join(folder, "empty"), "\n");
afterAll(() => rmSync(folder, { recursive: true }));

const cases: [SecretReference, string | undefined][] = [
  [{ env: "TEAM_KEY" }, "pk-2"],
  [{ env: "NONE" }, undefined],
  [{ env: "EMPTY" }, undefined],
  [{ file: join(folder, "key") }, "pk-1"],
  [{ file: join(folder, "empty") }, undefined],
  [{ file: join(folder, "none") }, undefined],
];
test.each(cases)("%j reads %j", (reference, want) => {
  expect(readSecret(reference, { TEAM_KEY: " pk-2 ", EMPTY: "" })).toBe(want);
});
