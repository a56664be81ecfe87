/**
 * The table `keys.txt` says of every tool which of both keys goes out: a difference is a change of what a company's
 * keys do, and somebody must look at it. A change on purpose: `npx vitest run test/curation/keys.test.ts -u`.
 */
import { expect, test } from "vitest";
import { COLUMNS, keyRows } from "../portkey/keys/key-table.ts";

test("every tool's key is as the table says", async () => {
  const line = (name: string, cells: readonly string[]) =>
    [name.padEnd(40), ...cells.map((text) => text.padEnd(12))].join("").trimEnd();
  const heading = line(
    "tool",
    COLUMNS.map(([name]) => name),
  );
  const lines = (await keyRows()).map(({ record, cells }) => line(record.name, cells));
  await expect(`${[heading, ...lines].join("\n")}\n`).toMatchFileSnapshot("keys.txt");
});
