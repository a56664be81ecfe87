/**
 * A snapshot of each tool as a client lists it (test/snapshots), so that a change of what a model sees is a diff that
 * somebody reads. After a change on purpose: npm run snapshots.
 */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { MAIN_EDITION } from "../../src/catalog/editions.ts";
import { everyTool, listings } from "./listing.ts";
import { ownSnapshots } from "./snapshot-files.ts";

const folder = new URL("../snapshots/", import.meta.url);
const kept = readdirSync(folder).filter((file) => file.endsWith(".json"));

test.each(everyTool.map((tool) => [tool.name, tool] as const))("%s is listed as its snapshot says", (name, tool) => {
  expect(kept, `test/snapshots/${name}.json is missing. If the tool is new on purpose: npm run snapshots`).toContain(
    `${name}.json`,
  );
  const { title, description, inputSchema, annotations } = tool;
  const snapshot: unknown = JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8"));
  expect(
    { name, title, description, inputSchema, annotations },
    `${name} differs from test/snapshots/${name}.json. If that is on purpose: npm run snapshots`,
  ).toEqual(snapshot);
});

test("no snapshot is left of a tool that is gone", () => {
  const names = new Set(everyTool.map(({ name }) => `${name}.json`));
  expect(
    kept.filter((file) => !names.has(file)),
    "delete them with: npm run snapshots",
  ).toEqual([]);
});

const others = listings.filter(({ edition }) => edition !== MAIN_EDITION);

test.each(others)("what $edition lists otherwise has a snapshot of its own, and nothing else has", (listing) => {
  const own = new URL(`${listing.edition}/`, folder);
  const kept = readdirSync(own).map((file) => [file, JSON.parse(readFileSync(new URL(file, own), "utf8"))]);
  expect(Object.fromEntries(kept), "If that is on purpose: npm run snapshots").toEqual(
    Object.fromEntries(ownSnapshots(listing).map(({ file, text }) => [file, JSON.parse(text)])),
  );
});
