import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { SETTINGS_FILE, settingsPage } from "../../scripts/settings.ts";

test("docs/settings.md is what the tables say; else run: tsx scripts/settings.ts", () => {
  expect(readFileSync(SETTINGS_FILE, "utf8")).toBe(settingsPage());
});
