/**
 * Each example of each tool: it passes the tool's own check, can do no harm by surprise, and answers on the sandbox
 * with its placeholders filled.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  EDITION_NAMES,
  editionData,
  loadEdition,
  validatorLoaders,
  type EditionName,
} from "../../src/catalog/editions.ts";
import { checkConfig } from "../../src/composites/configs/config-rules.ts";
import { exampleOf } from "../../src/mcp/tools/describe-example.ts";
import { createCheck } from "../../src/portkey/request/check.ts";
import { fillExample } from "./fill-example.ts";
import { startRig, textOf, type Rig } from "./rig.ts";
import { link } from "../mcp/client-link.ts";

/** Members and values that open, end or empty something. */
const HARM: readonly (readonly [what: string, member: RegExp, value: (value: unknown) => boolean])[] = [
  ["deletes what depends on it", /^force/, (value) => value === true],
  ["opens something to all", /^(?:allow_all|global_)|^everyone/, (value) => value !== false],
  ["exempts from a guardrail", /^excluded$/, (value) => value !== false],
  ["replaces all that was set earlier", /^override/, (value) => value === true],
  ["makes an administrator", /^role$/, (value) => value === "admin" || value === "owner" || value === "manager"],
  ["ends credentials", /^rotate_auth$/, (value) => value === true],
  ["blocks production traffic", /^deny$/, (value) => value === true],
  [
    "empties what was there",
    /./,
    (value) => value === null || (typeof value === "object" && Object.keys(value as object).length === 0),
  ],
];

function* membersIn(value: unknown): Generator<readonly [string, unknown]> {
  if (typeof value !== "object" || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    if (!Array.isArray(value)) yield [name, member];
    yield* membersIn(member);
  }
}

async function examplesOf(edition: EditionName) {
  const { records } = await loadEdition(edition);
  const data = editionData(edition);
  const schemas = await data.loadSchemas();
  const examples = records.map(
    (record) => [record.name, record, exampleOf(record, schemas[record.name] ?? {})] as const,
  );
  return { edition, data, examples, check: createCheck(validatorLoaders(edition, records), { data }) };
}

describe.each(await Promise.all(EDITION_NAMES.map(examplesOf)))("$edition", ({ edition, data, examples, check }) => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig(edition);
  });
  beforeEach(() => rig.sandbox.sandbox.reset());
  afterAll(() => rig.close());

  describe.each(examples)("%s", (name, record, example) => {
    test("has an example that passes its own check", async () => {
      expect((await check(record, example)).warnings).toEqual([]);
      expect(await checkConfig(name, example["config"], data)).toEqual([]);
    });

    test("has an example that does no harm", () => {
      const harm = [...membersIn(example)].flatMap(([member, value]) =>
        HARM.filter(([, named, is]) => named.test(member) && is(value)).map(([what]) => `${member}: ${what}`),
      );
      expect(harm).toEqual([]);
    });

    test("has an example that answers on the sandbox", async () => {
      const args = await fillExample(rig, name, example);
      const result = await rig.registry.callTool(name, args, rig.caller(), link());
      expect(result.isError, `${JSON.stringify(args)}: ${textOf(result)}`).not.toBe(true);
    });
  });
});
