/** Everything that Portkey's own sources send reaches the API through the tools unchanged, without a wrong warning. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OWN_ROWS } from "./own-rows.ts";
import { staleLines, wrongWarnings } from "./right-warnings.ts";
import { FILES, isDoubted, rowsOf, type Row } from "./rows.ts";
import { startTrial, type Verdict } from "./try-row.ts";

let trial: Awaited<ReturnType<typeof startTrial>>;
beforeAll(async () => {
  trial = await startTrial();
});
afterAll(() => trial.close());

const present = FILES.map((file) => [file, rowsOf(file)] as const).filter(([, rows]) => rows.length > 0);

describe.each(present)("what %s.json shows", (_file, rows) => {
  test(`reaches the API unchanged: all ${rows.length}`, async () => {
    const failing = (await verdictsOf(rows)).filter(({ outcome }) => outcome !== "same");
    expect(failing.length, listOf(failing)).toBe(0);
  });

  test(`is warned about only where the warning is right: all ${rows.length}`, async () => {
    const sure = rows.filter((row) => !isDoubted(row));
    const warned = (await verdictsOf(sure)).filter((verdict) => wrongWarnings(verdict).length > 0);
    expect(warned.length, listOf(warned)).toBe(0);
  });
});

test.runIf(present.length === FILES.length)("every warning that is called right is still said", async () => {
  expect(staleLines(await verdictsOf(present.flatMap(([, rows]) => rows)))).toEqual([]);
});

describe("what the project itself knows", () => {
  test.each(OWN_ROWS)("$what reaches the API unchanged", async ({ warns, mayWarn, ...row }) => {
    const { outcome, detail, warnings } = await trial.tryRow(row);
    expect(outcome, detail).toBe("same");
    const wrong = warnings.filter((warning) => warns?.test(warning) !== true && mayWarn?.test(warning) !== true);
    expect(wrong).toEqual([]);
    if (warns !== undefined) expect(warnings).not.toEqual([]);
  });
});

const verdicts = new Map<Row, Promise<Verdict>>();

/** What becomes of the rows; each is tried once. */
async function verdictsOf(rows: readonly Row[]): Promise<Verdict[]> {
  const found: Verdict[] = [];
  // One after the other: what reaches the server is told apart by time alone.
  for (const row of rows) {
    const verdict = verdicts.get(row) ?? trial.tryRow(row);
    verdicts.set(row, verdict);
    found.push(await verdict);
  }
  return found;
}

function listOf(found: readonly Verdict[]): string {
  return found.map((verdict) => JSON.stringify(verdict)).join("\n");
}
