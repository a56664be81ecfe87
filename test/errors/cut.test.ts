/** No text that leaves this server ends or begins in the middle of a character. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChanges } from "../../src/composites/values/compare-fields.ts";
import { clip } from "../../src/errors/clip.ts";
import { cut, replaceLoneSurrogates } from "../../src/errors/cut.ts";
import type { PortkeyMcpError } from "../../src/errors/errors.ts";
import { oneLine, quoteForeign, wordOrQuoted } from "../../src/errors/foreign-text.ts";
import { createTextHider, maskSecret } from "../../src/log/hide-values.ts";
import { parseFields, pickFields, type FieldPath } from "../../src/portkey/response/fields.ts";
import { jsonOf, startRig, textOf, type Rig } from "../guidance/rig.ts";
import { link } from "../mcp/client-link.ts";

const HALF = /\p{Surrogate}/u;
/** Of many lengths, with many characters of two units and some that share their first half. */
const texts = fc.string({ unit: fc.constantFrom("a", " ", "😀", "😁", "\u{10000}", "é", '"'), maxLength: 60 });
/** With halves that stand alone, as JSON's \ud83d may bring them. */
const broken = fc.string({ unit: fc.constantFrom("a", "😀", "\ud83d", "\ude00"), maxLength: 40 });
const places = fc.nat({ max: 130 });

/** The texts with half a character in a value, its names and the JSON in its texts. */
function halvesIn(value: unknown): string[] {
  if (typeof value === "string") {
    const inside = /^[[{]/.test(value) ? halvesIn(parsed(value)) : [];
    return HALF.test(value) ? [value, ...inside] : inside;
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => [...halvesIn(name), ...halvesIn(member)]);
}

/** What a text holds as JSON; undefined where it is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

describe("whatever the text and the place", () => {
  test("a cut holds whole characters of the text", () => {
    fc.assert(
      fc.property(texts, places, places, (text, from, to) => {
        const part = cut(text, from, to);
        expect(part).not.toMatch(HALF);
        expect(text).toContain(part);
        expect(part.length).toBeGreaterThanOrEqual(Math.min(text.length, to) - Math.min(text.length, from) - 2);
      }),
    );
  });

  test("what is said back is well-formed, and no longer than allowed", () => {
    fc.assert(
      fc.property(fc.oneof(texts, broken), fc.integer({ min: 2, max: 60 }), (text, length) => {
        expect(clip(text, length).length).toBeLessThanOrEqual(length);
        const shortened = [clip, oneLine, quoteForeign, wordOrQuoted].map((shorten) => shorten(text, length));
        expect(halvesIn([...shortened, replaceLoneSurrogates(text)])).toEqual([]);
      }),
    );
  });

  test("slices of a field that follow each other hold all of it", () => {
    fc.assert(
      fc.property(texts, fc.uniqueArray(places, { maxLength: 5 }), (text, cuts) => {
        const bounds = [0, ...cuts.sort((one, other) => one - other)];
        const parts = bounds.map((from, index) => {
          const paths = parseFields([`text[${from}:${bounds[index + 1] ?? ""}]`]) as readonly FieldPath[];
          return (pickFields({ text }, paths, () => false).value as { text: string }).text;
        });
        expect(halvesIn(parts)).toEqual([]);
        expect(parts.join("")).toBe(text);
      }),
    );
  });

  test("what hides a secret leaves no half of it", () => {
    fc.assert(
      fc.property(texts, texts, texts, (secret, before, after) => {
        fc.pre(secret.length >= 6);
        const quotations = [secret, `${secret.slice(0, -2)}😁`, secret.replaceAll("😀", "😁")];
        const hidden = quotations.map((quoted) =>
          createTextHider([secret])(replaceLoneSurrogates(`${before}${quoted}${after}`)),
        );
        expect(halvesIn([maskSecret(secret), ...hidden])).toEqual([]);
      }),
    );
  });

  test("the excerpts of two texts that differ are whole", () => {
    fc.assert(
      fc.property(texts, fc.nat(200), (text, length) => {
        const long = `${"b".repeat(length)}${text.repeat(8)}`;
        const changes = findChanges({ text: `${long}😀${long}` }, { text: `${long}😁${long}` });
        expect(halvesIn(changes)).toEqual([]);
      }),
    );
  });
});

describe("from the outside", () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig();
  });
  afterAll(() => rig.close());

  const offsets = [0, 1, 2, 3];

  const calls: readonly [string, (text: string) => readonly [string, Record<string, unknown>]][] = [
    ["a tool that is none", (text) => [text, {}]],
    ["an argument that is none", (text) => ["list_configs", { [text]: 1 }]],
    ["an undocumented value", (text) => ["list_configs", { status: text, workspace_id: text }]],
    ["an id that nothing has", (text) => ["get_config", { slug: text }]],
    ["a path of fields", (text) => ["list_configs", { fields: `${text}[x]` }]],
    ["a field that is not there", (text) => ["list_configs", { fields: text }]],
    ["a body that is refused", (text) => ["create_config", { name: text, config: text, workspace_id: text }]],
    ["a plan", (text) => ["create_prompt_label", { name: text, description: text, dry_run: true }]],
    ["a time", (text) => ["explain_cost", { workspace_slug: text, until: text }]],
  ];
  describe.each(offsets)("with the first whole character at %i", (offset) => {
    const text = "a".repeat(offset) + "😀".repeat(400);

    test.each(calls)("%s", async (_name, make) => {
      const [tool, args] = make(text);
      const result = await rig.registry
        .callTool(tool, args, rig.caller(), link())
        .catch((error: PortkeyMcpError) => [error.message, error.details]);
      expect(halvesIn([result, rig.events])).toEqual([]);
    });

    test("a question before something is deleted", async () => {
      const { id } = jsonOf(await rig.registry.callTool("create_prompt_label", { name: text }, rig.caller(), link()));
      const asked: string[] = [];
      const elicit = async (question: string) => {
        asked.push(question);
        return { action: "decline" } as const;
      };
      const caller = link({ elicit });
      const result = await rig.registry.callTool("delete_prompt_label", { label_id: id }, rig.caller(), caller);
      expect(asked).toHaveLength(1);
      expect(halvesIn([asked, result])).toEqual([]);
    });
  });

  test.each(["0:1", "1:3", "0:3", "1:", "3:11", "12:15", ":13"])("the slice %s of a text", async (slice) => {
    const name = `👋🌍 hello 👋🌍 ${slice}`;
    const { id } = jsonOf(await rig.registry.callTool("create_prompt_label", { name }, rig.caller(), link()));
    const args = { label_id: id, fields: `name[${slice}]` };
    const result = await rig.registry.callTool("get_prompt_label", args, rig.caller(), link());
    expect(textOf(result)).not.toMatch(/\\u[dD][89a-fA-F]/);
    expect(halvesIn(result)).toEqual([]);
  });
});
