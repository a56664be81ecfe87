/**
 * Answers and arguments at random, from seeds: nothing ends otherwise than with a result or an error of this project,
 * and no prototype changes.
 */
import { readFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { ToolRecord } from "../../src/catalog/record.ts";
import { CompletionAssembly } from "../../src/composites/completion/assemble-completion.ts";
import { eventData } from "../../src/composites/completion/event-stream.ts";
import { changesBetween } from "../../src/composites/values/compare-fields.ts";
import { PortkeyMcpError } from "../../src/errors/errors.ts";
import { maskThoroughly } from "../../src/log/mask.ts";
import { callRecord } from "../../src/portkey/call-record.ts";
import { createPortkey } from "../../src/portkey/create.ts";
import type { HttpAnswer } from "../../src/portkey/transport/pooled-fetch.ts";
import { context, CREATE, fastClock, LIST, record } from "../portkey/records.ts";
import { heapGrowth } from "../errors/heap-growth.ts";
import { longestBlock } from "../errors/longest-block.ts";
import { processorTime } from "../errors/processor-time.ts";
import { isLong, TIMES } from "../size.ts";
import { damaged, hostileJson, pick, prototypes, randomFrom, type Random } from "./hostile-json.ts";

const SEEDS = [1, 16, 2026];
const RECORDS = JSON.parse(readFileSync(new URL("../../generated/portkey/manifest.json", import.meta.url), "utf8")) as
  ToolRecord[] | { records: ToolRecord[] };
const all = Array.isArray(RECORDS) ? RECORDS : RECORDS.records;
const plain = all.filter(({ method }) => method !== undefined);

/** A client whose other side answers what `next` says. */
function clientOf(next: () => { status: number; text: string }) {
  return createPortkey({
    bases: { control: "http://h/v1", gateway: "http://h/v1", public: "http://h", registry: "http://h" },
    timeoutMs: 60_000,
    maxRetries: 1,
    clock: fastClock(),
    fetch: async (): Promise<HttpAnswer> => {
      const { status, text } = next();
      // As over a socket: an answer never comes in the turn in which its request went out.
      await setImmediate();
      const headers = { get: (name: string) => (name === "content-type" ? "application/json" : null) };
      return { status, ok: status < 300, headers, body: null, text: async () => text };
    },
  });
}

/** Runs `one` so often for each seed; whatever it throws must be an error of this project. */
async function fuzz(times: number, one: (random: Random) => Promise<unknown>): Promise<void> {
  const before = prototypes();
  for (const seed of SEEDS) {
    const random = randomFrom(seed);
    for (let count = 0; count < (times * TIMES) / SEEDS.length; count++) {
      try {
        await one(random);
      } catch (error) {
        if (!(error instanceof PortkeyMcpError)) throw new Error(`seed ${seed}, input ${count}`, { cause: error });
        expect(error.message.length).toBeLessThanOrEqual(10_000);
      }
    }
    expect(prototypes()).toBe(before);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  }
}

const timeout = { timeout: 600_000 };

describe("at random", () => {
  test("answers and refusals", timeout, () => {
    let answer = { status: 200, text: "" };
    const portkey = clientOf(() => answer);
    return fuzz(1_500, async (random) => {
      answer = {
        status: pick(random, [200, 200, 201, 400, 404, 429, 500, 302]),
        text: damaged(random, hostileJson(random)),
      };
      const tool = pick(random, [record(), LIST, CREATE]);
      const args =
        tool === CREATE
          ? { name: "n" }
          : { fields: pick(random, ["__proto__", "data.constructor", "id", "[0:2]", "toString.x[1]"]) };
      const { text } = await callRecord(
        portkey,
        { record: tool, args, context: context() },
        {
          maxResultBytes: pick(random, [300, 40_000]),
        },
      );
      expect(typeof text).toBe("string");
    });
  });

  test("pages", timeout, () => {
    let random: Random = randomFrom(1);
    const portkey = clientOf(() => ({
      status: 200,
      text: `{"data":${hostileJson(random, 2)},"total":${hostileJson(random, 1)},"has_more":${hostileJson(random, 1)}}`,
    }));
    return fuzz(300, (given) => {
      random = given;
      return callRecord(
        portkey,
        { record: LIST, args: { all_pages: true }, context: context() },
        {
          maxResultBytes: 2_000,
          limits: { items: 50, pages: 5 },
        },
      );
    });
  });

  test("streams", timeout, () =>
    fuzz(900, async (random) => {
      const chunks = Array.from({ length: 4 }, () => {
        const delta = hostileJson(random, 3);
        return pick(random, [`{"choices":[{"index":0,"delta":${delta}}]}`, `{"choices":${delta}}`, delta]);
      });
      const text = chunks.map(
        (chunk) => `data: ${damaged(random, chunk)}${pick(random, ["\n\n", "\r\n\r\n", "\r\r", "\n"])}`,
      );
      const assembly = new CompletionAssembly();
      for await (const data of eventData(pieces(text.join(""), 1 + Math.floor(random() * 50)))) {
        const chunk = parsed(data);
        if (typeof chunk === "object" && chunk !== null && !Array.isArray(chunk))
          assembly.add(chunk as Record<string, unknown>);
      }
      JSON.stringify(assembly.answer());
    }),
  );

  test("arguments", timeout, () => {
    const portkey = clientOf(() => ({ status: 200, text: "{}" }));
    return fuzz(900, (random) => {
      const tool = pick(random, plain);
      const args = parsed(
        `{"${pick(random, tool.arguments)?.name ?? "x"}":${hostileJson(random)},"more":${hostileJson(random)}}`,
      );
      return portkey.plan(tool, args as Record<string, unknown>, context());
    });
  });

  test("masks and comparisons", timeout, () =>
    fuzz(900, async (random) => {
      const [one, other] = [parsed(hostileJson(random)), parsed(hostileJson(random))];
      JSON.stringify([maskThoroughly(one, ["sk-0123456789abcdef0123"]), changesBetween(one, other)]);
    }),
  );
});

async function* pieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

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
    `{"config":{${repeated((index) => `"token${index}":"${"a".repeat(40)}${index}"`, 70)},"note":"${"a".repeat(99_000)}"}}`,
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
      const portkey = clientOf(() => ({ status: 200, text }));
      const refusing = clientOf(() => ({ status: 400, text }));
      const args = { name: "n", ...(JSON.parse(text) as object) };
      const dryRun = { ...args, dry_run: true };
      const quiet = (work: () => Promise<unknown>) => () =>
        work().catch((error: unknown) => expect(error).toBeInstanceOf(PortkeyMcpError));
      const calls = [
        quiet(() => callRecord(portkey, { record: LIST, args: {}, context: context() }, { maxResultBytes: 40_000 })),
        quiet(() => refusing.send(CREATE, { name: "n" }, context())),
        quiet(() => refusing.send(CREATE, args, context())),
        quiet(() =>
          callRecord(portkey, { record: CREATE, args: dryRun, context: context() }, { maxResultBytes: 40_000 }),
        ),
      ];
      // As much faster or slower as this machine is than one that writes a megabyte of JSON in 10 ms.
      const sample = JSON.parse(`[${repeated((index) => `{"k":${index}}`, 12)}]`) as unknown;
      const pace = Math.max((await processorTime(() => JSON.stringify(sample), 5)) / 10, 1);
      for (const [index, call] of calls.entries()) {
        expect((await longestBlock(call, HOLDS_MS * pace, 15)) / pace, `call ${index}`).toBeLessThan(HOLDS_MS);
        expect(await heapGrowth(call, GROWS_BYTES), `call ${index}`).toBeLessThan(GROWS_BYTES);
      }
    },
  );
});
