/**
 * A megabyte of every shape, as an answer and as arguments: how long it holds everyone else, and what it takes of
 * memory. In a process of its own, since what other tests leave behind makes every garbage collection longer.
 */
import { describe, expect, test } from "vitest";
import { PortkeyMcpError } from "../../src/errors/errors.ts";
import { callRecord } from "../../src/portkey/call-record.ts";
import { heapGrowth } from "../errors/heap-growth.ts";
import { longestBlock } from "../errors/longest-block.ts";
import { processorTime } from "../errors/processor-time.ts";
import { context, CREATE, LIST } from "../portkey/records.ts";
import { isLong } from "../size.ts";
import { createAnsweringClient } from "./answering-client.ts";

const timeout = { timeout: 600_000 };

const MB = 1024 * 1024;
const repeated = (piece: (index: number) => string, each: number) =>
  Array.from({ length: MB / each }, (_, index) => piece(index)).join(",");

/** What no input or answer of a megabyte may take: of everybody's time, and of memory. */
const HOLDS_MS = 100;
const GROWS_BYTES = 64 * MB;

/** One branch, so often and so deep. */
function branches(depth: number): string {
  const branch = `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
  return Array.from({ length: Math.floor(MB / (branch.length + 1)) }, () => branch).join(",");
}

/** A megabyte each. */
const LARGE: readonly (readonly [string, string])[] = [
  ["deep", `{"a":${"[".repeat(MB / 2 - 10)}${"]".repeat(MB / 2 - 10)}}`],
  ["deep objects", `${'{"a":'.repeat(MB / 6)}1${"}".repeat(MB / 6)}`],
  ["numbers", `{"config":[${repeated(() => "1", 2)}]}`],
  ["empty lists", `{"config":[${repeated(() => "[]", 3)}]}`],
  ["branches as deep as may be", `{"config":[${branches(90)}]}`],
  ["members of one object", `{"config":{${repeated((index) => `"m${index}":1`, 12)}}}`],
  ["short texts", `{"config":[${repeated((index) => `"x${index}"`, 12)}]}`],
  ["names of secrets in a text", `{"note":"${"api_key: x ".repeat(MB / 11)}"}`],
  ["headers in a text", `{"note":"${"x-a-key: b\\n".repeat(MB / 12)}"}`],
  ["words", `{"note":"${"bearer of news ".repeat(MB / 15)}"}`],
  ["quotes", `{"note":"${'\\"'.repeat(MB / 2)}"}`],
  ["entities", `{"note":"${"&#x25;".repeat(MB / 6)}"}`],
  ["members", `{${repeated((index) => `"m${index}":1`, 12)}}`],
  ["secrets", `{"config":{${repeated((index) => `"api_key_${index}":"secret-value-${index}"`, 45)}}}`],
  [
    "secrets that begin alike",
    `{"config":{${repeated((index) => `"token${index}":"${"a".repeat(40)}${index}"`, 70)},` +
      `"note":"${"a".repeat(99_000)}"}}`,
  ],
  ["one text of keys", `{"note":"${"sk-".repeat(MB / 3)}"}`],
  ["addresses", `{"note":"${"a://b:c".repeat(MB / 7)}"}`],
  ["assignments", `{"note":"${'key=\\"'.repeat(MB / 6)}"}`],
  ["blocks", `{"note":"${"-----BEGIN PRIVATE".repeat(MB / 18)}"}`],
  ["escapes", `{"note":"${"%25".repeat(MB / 3)}"}`],
  ["JSON in JSON", `{"note":${JSON.stringify(`[${repeated((index) => `{"k":${index}}`, 12)}]`)}}`],
];

/** Of each way to be much, one; `npm run test:long` tries all. */
const ALWAYS = new Set([
  "deep",
  "empty lists",
  "branches as deep as may be",
  "members",
  "secrets that begin alike",
  "escapes",
  "JSON in JSON",
]);

describe("a megabyte", () => {
  test.each(LARGE.filter(([name]) => isLong || ALWAYS.has(name)))(
    "%s, as an answer and as arguments",
    timeout,
    async (_, text) => {
      const portkey = createAnsweringClient(() => ({ status: 200, text }));
      const refusing = createAnsweringClient(() => ({ status: 400, text }));
      const args = { name: "n", ...(JSON.parse(text) as object) };
      const dryRun = { ...args, dry_run: true };
      const quiet = (work: () => Promise<unknown>) => () =>
        work().catch((error: unknown) => expect(error).toBeInstanceOf(PortkeyMcpError));
      const calls = {
        answer: quiet(() =>
          callRecord(portkey, { record: LIST, args: {}, context: context() }, { maxResultBytes: 40_000 }),
        ),
        refusal: quiet(() => refusing.send(CREATE, { name: "n" }, context())),
        "refused arguments": quiet(() => refusing.send(CREATE, args, context())),
        "dry run": quiet(() =>
          callRecord(portkey, { record: CREATE, args: dryRun, context: context() }, { maxResultBytes: 40_000 }),
        ),
      };
      // As much faster or slower as this machine is than one that writes a megabyte of JSON in 10 ms.
      const sample = JSON.parse(`[${repeated((index) => `{"k":${index}}`, 12)}]`) as unknown;
      const pace = Math.max((await processorTime(() => JSON.stringify(sample), 5)) / 10, 1);
      const costs: { readonly call: string; readonly heldMs: number; readonly grownBytes: number }[] = [];
      for (const [name, call] of Object.entries(calls)) {
        const heldMs = (await longestBlock(call, HOLDS_MS * pace, 15)) / pace;
        costs.push({ call: name, heldMs, grownBytes: await heapGrowth(call, GROWS_BYTES) });
      }
      const tooDear = costs.filter(({ heldMs, grownBytes }) => !(heldMs < HOLDS_MS && grownBytes < GROWS_BYTES));
      expect(tooDear).toEqual([]);
    },
  );
});
