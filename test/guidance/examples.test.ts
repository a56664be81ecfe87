/**
 * Each example of each tool: it passes the tool's own check, can do no harm by surprise, and answers on the sandbox
 * with its placeholders filled.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadValidators } from "../../generated/portkey/validators.ts";
import { loadSchemas } from "../../src/catalog/load.ts";
import { checkConfig } from "../../src/composites/configs/config-rules.ts";
import { exampleOf } from "../../src/mcp/tools/describe-example.ts";
import { createCheck } from "../../src/portkey/request/check.ts";
import { filled } from "./fill-example.ts";
import { catalogue, link, startRig, textOf, type Rig } from "./rig.ts";

const schemas = await loadSchemas();
const check = createCheck(loadValidators);
const examples = catalogue.records.map(
  (record) => [record.name, record, exampleOf(record, schemas[record.name] ?? {})] as const,
);

let rig: Rig;
beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.close());

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

describe.each(examples)("%s", (name, record, example) => {
  test("has an example that passes its own check", async () => {
    expect((await check(record, example)).warnings).toEqual([]);
    expect(await checkConfig(name, example["config"])).toEqual([]);
  });

  test("has an example that does no harm", () => {
    const harm = [...membersIn(example)].flatMap(([member, value]) =>
      HARM.filter(([, named, is]) => named.test(member) && is(value)).map(([what]) => `${member}: ${what}`),
    );
    expect(harm).toEqual([]);
  });

  test("has an example that answers on the sandbox", async () => {
    const args = await filled(rig, name, example);
    const result = await rig.registry.callTool(name, args, rig.caller(), link());
    expect(result.isError, `${JSON.stringify(args)}: ${textOf(result)}`).not.toBe(true);
  });
});
