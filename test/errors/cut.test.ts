/** No text that leaves this server ends or begins in the middle of a character. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { changesBetween } from "../../src/composites/values/compare-fields.ts";
import { clip } from "../../src/errors/clip.ts";
import { cut, wellFormed } from "../../src/errors/cut.ts";
import type { PortkeyMcpError } from "../../src/errors/errors.ts";
import { oneLine, quoteForeign, wordOrQuoted } from "../../src/errors/foreign-text.ts";
import { hideValues, maskSecret } from "../../src/log/hide-values.ts";
import { parseFields, pickFields, type FieldPath } from "../../src/portkey/response/fields.ts";
import { jsonOf, link, startRig, textOf, type Rig } from "../guidance/rig.ts";

const HALF = /\p{Surrogate}/u;
/** Of many lengths, with many characters of two units and some that share their first half. */
const texts = fc.string({ unit: fc.constantFrom("a", " ", "😀", "😁", "\u{10000}", "é", '"'), maxLength: 60 });
/** With halves that stand alone, as JSON's \ud83d may bring them. */
const broken = fc.string({ unit: fc.constantFrom("a", "😀", "\ud83d", "\ude00"), maxLength: 40 });
const places = fc.nat({ max: 130 });

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
        for (const said of [clip(text, length), oneLine(text, length), quoteForeign(text, length)])
          expect(said).not.toMatch(HALF);
        expect(wordOrQuoted(text, length)).not.toMatch(HALF);
        expect(wellFormed(text)).not.toMatch(HALF);
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
        for (const part of parts) expect(part).not.toMatch(HALF);
        expect(parts.join("")).toBe(text);
      }),
    );
  });

  test("what hides a secret leaves no half of it", () => {
    fc.assert(
      fc.property(texts, texts, texts, (secret, before, after) => {
        fc.pre(secret.length >= 6);
        expect(maskSecret(secret)).not.toMatch(HALF);
        for (const quoted of [secret, `${secret.slice(0, -2)}😁`, secret.replaceAll("😀", "😁")])
          expect(hideValues([secret])(wellFormed(`${before}${quoted}${after}`))).not.toMatch(HALF);
      }),
    );
  });

  test("the excerpts of two texts that differ are whole", () => {
    fc.assert(
      fc.property(texts, fc.nat(200), (text, length) => {
        const long = `${"b".repeat(length)}${text.repeat(8)}`;
        const changes = changesBetween({ text: `${long}😀${long}` }, { text: `${long}😁${long}` });
        for (const change of changes)
          for (const shown of Object.values(change)) expect(String(shown)).not.toMatch(HALF);
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

  /** Every text of a result, and every text in the JSON that they hold. */
  function wholeIn(value: unknown): void {
    if (typeof value === "string") {
      expect(value).not.toMatch(HALF);
      if (/^[[{]/.test(value)) wholeIn(JSON.parse(value));
    } else if (typeof value === "object" && value !== null) {
      for (const [name, member] of Object.entries(value)) {
        expect(name).not.toMatch(HALF);
        wholeIn(member);
      }
    }
  }

  const offsets = [0, 1, 2, 3];
  const long = (offset: number) => "a".repeat(offset) + "😀".repeat(400);
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
  test.each(calls)("%s", async (_name, make) => {
    for (const offset of offsets) {
      const [tool, args] = make(long(offset));
      const result = await rig.registry
        .callTool(tool, args, rig.caller(), link())
        .catch((error: PortkeyMcpError) => [error.message, error.details]);
      wholeIn(result);
    }
    for (const event of rig.events) wholeIn(event);
  });

  test("a question before something is deleted", async () => {
    for (const offset of offsets) {
      const name = long(offset);
      const label = jsonOf(await rig.registry.callTool("create_prompt_label", { name }, rig.caller(), link())).id;
      const asked: string[] = [];
      const elicit = async (question: string) => {
        asked.push(question);
        return { action: "decline" } as const;
      };
      const result = await rig.registry.callTool(
        "delete_prompt_label",
        { label_id: label },
        rig.caller(),
        link({ elicit }),
      );
      expect(asked).toHaveLength(1);
      wholeIn(asked);
      wholeIn(result);
    }
  });

  test("slices of a text, wherever they begin and end", async () => {
    const name = "👋🌍 hello 👋🌍";
    const { id } = jsonOf(await rig.registry.callTool("create_prompt_label", { name }, rig.caller(), link()));
    for (const slice of ["0:1", "1:3", "0:3", "1:", "3:11", "12:15", ":13"]) {
      const args = { label_id: id, fields: `name[${slice}]` };
      const result = await rig.registry.callTool("get_prompt_label", args, rig.caller(), link());
      expect(textOf(result)).not.toMatch(/\\u[dD][89a-fA-F]/);
      wholeIn(result);
    }
  });
});
