import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ACCESS_FILE, accessPage, SETTINGS_FILE, settingsPage } from "../../scripts/settings.ts";

test("docs/settings.md is what the tables say; else run: tsx scripts/settings.ts", () => {
  expect(readFileSync(SETTINGS_FILE, "utf8")).toBe(settingsPage());
});

test("docs/access.md has a row for each key of a policy file's rule; else run: tsx scripts/settings.ts", () => {
  const page = readFileSync(ACCESS_FILE, "utf8");
  expect(page).toBe(accessPage(page));
  expect(page).toContain("\n| `write_domains` |");
});
