/**
 * Every tool has what only a person can give, and every correction its effect. After an import this fails until
 * somebody has looked: it lists what is missing, operation by operation, and the file that takes it.
 */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { EDITION_NAMES } from "../../src/catalog/editions.ts";
import { leftToDo, pieceText } from "./left-to-do.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

test.each(EDITION_NAMES)("%s: nothing is left to curate", async (edition) => {
  const left = await leftToDo(root, edition);
  expect(left.length, ["", ...left.map(pieceText), ""].join("\n")).toBe(0);
});
