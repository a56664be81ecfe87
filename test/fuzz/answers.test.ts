/**
 * Answers and arguments at random, from seeds: nothing ends otherwise than with a result or an error of this project,
 * and no prototype changes.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { ToolRecord } from "../../src/catalog/record.ts";
import { CompletionAssembly } from "../../src/composites/completion/assemble-completion.ts";
import { eventData } from "../../src/composites/completion/event-stream.ts";
import { findChanges } from "../../src/composites/values/compare-fields.ts";
import { PortkeyMcpError } from "../../src/errors/errors.ts";
import { maskThoroughly } from "../../src/log/mask.ts";
import { callRecord } from "../../src/portkey/call-record.ts";
import { createRandom } from "../../src/sandbox/state/ids.ts";
import { context, CREATE, LIST, record } from "../portkey/records.ts";
import { TIMES } from "../size.ts";
import { createAnsweringClient } from "./answering-client.ts";
import { damaged, hostileJson, pick, type Random } from "./hostile-json.ts";
import { prototypeMembers } from "./prototypes.ts";

const SEEDS = [1, 16, 2026];
const RECORDS = JSON.parse(readFileSync(new URL("../../generated/portkey/manifest.json", import.meta.url), "utf8")) as
  ToolRecord[] | { records: ToolRecord[] };
const all = Array.isArray(RECORDS) ? RECORDS : RECORDS.records;
const plain = all.filter(({ method }) => method !== undefined);

/** Runs `one` so often for each seed; whatever it throws must be an error of this project. */
async function fuzz(times: number, one: (random: Random) => Promise<unknown>): Promise<void> {
  const before = prototypeMembers();
  const longMessages: string[] = [];
  for (const seed of SEEDS) {
    const random = createRandom(seed);
    for (let count = 0; count < (times * TIMES) / SEEDS.length; count++) {
      try {
        await one(random);
      } catch (error) {
        const input = `seed ${seed}, input ${count}`;
        if (!(error instanceof PortkeyMcpError)) throw new Error(input, { cause: error });
        if (error.message.length > 10_000) longMessages.push(`${input}: ${error.message}`);
      }
    }
  }
  expect(longMessages).toEqual([]);
  expect(prototypeMembers()).toBe(before);
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
}

const timeout = { timeout: 600_000 };

describe("whatever comes at random ends with a result or an error of this project's", () => {
  test("answers and refusals", timeout, () => {
    let answer = { status: 200, text: "" };
    const portkey = createAnsweringClient(() => answer);
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
    let random: Random = createRandom(1);
    const portkey = createAnsweringClient(() => ({
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
    const portkey = createAnsweringClient(() => ({ status: 200, text: "{}" }));
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
      JSON.stringify([maskThoroughly(one, ["sk-0123456789abcdef0123"]), findChanges(one, other)]);
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
