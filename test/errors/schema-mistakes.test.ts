/** What is said of a mistake in a file that a person wrote: policy, seed, tables. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { SEED } from "../../src/cli/seed-schema.ts";
import { checkBySchema } from "../../src/errors/schema-mistakes.ts";
import { POLICY_FILE } from "../../src/http/policy/policy-file-schema.ts";
import { curatedRows, compositeRows, glossaryTable } from "../../codegen/read/curation.ts";
import { guardrailCheckRows } from "../../codegen/read/guardrail-checks.ts";
import { TIMES } from "../size.ts";

/** Each as `place: text`. */
function said(schema: z.ZodType, value: unknown): string[] {
  return (checkBySchema(schema, value).mistakes ?? []).map(({ path, text }) => `${path.join(".")}: ${text}`);
}

const rule = (members: object) => ({ version: 1, rules: [{ name: "a", match: "anyone", ...members }] });
const row = (members: object) => ({ "GET /a": { name: "a", title: "A", description: "A.", ...members } });
const resource = (members: object) => ({ resources: { "/labels": [members] } });
const traffic = (members: object) => ({ traffic: { days: 3, profiles: [], ...members } });

describe("a mistake is told by its place, what is right there, and what stands there", () => {
  it.each<[title: string, schema: z.ZodType, given: unknown, want: readonly string[]]>([
    ["nothing at all", POLICY_FILE, null, [": must be an object, not empty"]],
    ["a list for an object", SEED, [], [": must be an object, not a list"]],
    [
      "an object for a text, whose length is no number",
      POLICY_FILE,
      rule({ name: { length: [{ toString: 1 }] } }),
      ["rules.0.name: must be a text, not an object"],
    ],
    ["a member that is not there", POLICY_FILE, { version: 1 }, ["rules: is missing; give a list"]],
    ["a value that is not there", POLICY_FILE, { rules: [] }, ["version: is missing; give 1", "rules: is empty"]],
    [
      "a text for a switch",
      POLICY_FILE,
      rule({ read_only: "yes" }),
      ["rules.0.read_only: must be true or false, not a text"],
    ],
    ["a number for a text", POLICY_FILE, rule({ name: 7 }), ["rules.0.name: must be a text, not 7"]],
    ["a switch for a list", POLICY_FILE, rule({ tools: true }), ["rules.0.tools: must be a list, not true"]],
    ["an empty text", POLICY_FILE, rule({ name: "" }), ["rules.0.name: is empty"]],
    [
      "a text that is too long",
      POLICY_FILE,
      rule({ name: "x".repeat(600) }),
      ["rules.0.name: has more than 512 characters"],
    ],
    [
      "a word that is none of a few",
      POLICY_FILE,
      rule({ confirm: "allways" }),
      ['rules.0.confirm: must be one of auto, always, never, not "allways"'],
    ],
    [
      "a word and something in a list",
      POLICY_FILE,
      { ...rule({}), scopes: ["narrow"] },
      ["scopes: must be one of narrow, require, ignore, not a list"],
    ],
    ["neither a text nor a list", POLICY_FILE, rule({ domains: 5 }), ["rules.0.domains: must be all or a list, not 5"]],
    [
      "a word where a list is meant",
      POLICY_FILE,
      rule({ domains: "keys" }),
      ["rules.0.domains: must be all or a list, not a text"],
    ],
    [
      "something wrong in a list of which one is enough",
      POLICY_FILE,
      rule({ match: { role: ["a", 5] } }),
      [
        "rules.0.match: give `anyone`, or some of subject, client, organisation, role, scope, each with a text or " +
          "a list of texts",
      ],
    ],
    [
      "something wrong in the variant that is meant",
      POLICY_FILE,
      rule({ keys: { admin_for: ["read", 5] } }),
      ["rules.0.keys.admin_for.1: must be a text, not 5"],
    ],
    [
      "an empty list of which one is enough",
      POLICY_FILE,
      rule({ keys: { admin_for: [] } }),
      ["rules.0.keys.admin_for: is empty"],
    ],
    [
      "names that nobody knows, each at its place",
      POLICY_FILE,
      { ...rule({}), rule: [], scope: 1 },
      [
        "rule: is unknown here; known are version, scopes, challenge_scopes, scope_map, rules",
        "scope: is unknown here; known are version, scopes, challenge_scopes, scope_map, rules",
      ],
    ],
    [
      "an empty name",
      POLICY_FILE,
      { ...rule({}), scope_map: { "": "a" } },
      ["scope_map.: is no name that can stand here: it is empty"],
    ],
    [
      "a text of another form",
      POLICY_FILE,
      { ...rule({}), challenge_scopes: ["a b"] },
      [expect.stringMatching(/^challenge_scopes\.0: does not have the form \/\^/) as string],
    ],
    [
      "a number that is too small",
      SEED,
      resource({ days_ago: -1 }),
      ["resources./labels.0.days_ago: must be at least 0"],
    ],
    ["a number that is too large", SEED, traffic({ days: 1_000 }), ["traffic.days: must be at most 400"]],
    ["a part of a number", SEED, traffic({ days: 1.5 }), ["traffic.days: must be a whole number, not 1.5"]],
    [
      "a row's head that is none",
      curatedRows,
      { "FETCH /a": row({})["GET /a"] },
      ["FETCH /a: is no name that can stand here: it does not have the form /^(GET|POST|PUT|PATCH|DELETE) \\//"],
    ],
    [
      "a row's member misspelt",
      curatedRows,
      row({ tittle: "A" }),
      [
        expect.stringMatching(
          /^GET \/a\.tittle: is unknown here; known are name, title, description, risk, /,
        ) as string,
      ],
    ],
    [
      "a word for a key",
      curatedRows,
      row({ key: "nonsense" }),
      ['GET /a.key: must be one of any, workspace, admin, token, none, not "nonsense"'],
    ],
    [
      "a number that is neither",
      curatedRows,
      row({ first_page: 2 }),
      ["GET /a.first_page: must be one of 0, 1, not 2"],
    ],
    [
      "what an operation says on errors",
      curatedRows,
      row({ on_error: { 200: "x" } }),
      ["GET /a.on_error.200: is no name that can stand here: it does not have the form /^(4\\d\\d|unknown)$/"],
    ],
    [
      "a check's parameter of a type that there is not",
      guardrailCheckRows,
      { "a.b": { c: "txt" } },
      ["a.b.c: must be one of text, number, boolean, list, object, json, any or a list or an object, not a text"],
    ],
  ])("%s", (_title, schema, given, want) => {
    expect(said(schema, given)).toEqual(want);
  });
});

/** As zod's own messages begin. */
const OF_ZOD = /(^|: )(Invalid|Too (small|big)|Unrecognized|Expected|No matching)/;

describe.each<[name: string, schema: z.ZodType, right: unknown]>([
  [
    "a policy",
    POLICY_FILE,
    {
      version: 1,
      scopes: "narrow",
      challenge_scopes: ["a"],
      scope_map: { a: ["portkey:read"], b: "portkey:read" },
      rules: [
        {
          name: "a",
          match: { subject: "a", role: ["b"] },
          domains: "all",
          write_domains: ["prompts"],
          tools: ["*"],
          read_only: true,
          confirm: "auto",
          audit: "ids",
          keys: { workspace: { env: "A" }, admin: { file: "b" }, admin_for: ["read"] },
        },
      ],
    },
  ],
  [
    "a seed",
    SEED,
    {
      workspace: "w",
      resources: {
        "/labels": [
          { id: "a", name: "b", email: "c", days_ago: 1, versions: [{}], published: 1, users: [{ email: "d" }] },
        ],
      },
      traffic: {
        days: 1,
        profiles: [
          { workspace: "a", model: "b", user: "c", api_key: "d", per_day: 1, virtual_key: "e", metadata: { f: "g" } },
        ],
      },
    },
  ],
  [
    "a row of the curation",
    curatedRows,
    row({ risk: "read", idempotent: true, aliases: ["b"], on_error: { 404: "x" } }),
  ],
  ["a row of a composite", compositeRows, { "COMPOSITE a": { name: "a", calls: ["b"], arguments: {} } }],
  [
    "the glossary",
    glossaryTable,
    { common: { a: "b" }, fields: {}, tools: { a: { b: "c" } }, opened: ["a"], unlisted: { a: ["b"] } },
  ],
  ["the guardrail checks", guardrailCheckRows, { "a.b": "any", "a.c": { d: "text", e: ["f"], g: { list: ["h"] } } }],
])("whatever stands anywhere in %s", (_name, schema, right) => {
  it("is right as it is", () => expect(said(schema, right)).toEqual([]));

  it("is told in no word of the library's", () => {
    const places = placesIn(right);
    const odd = fc.oneof(fc.jsonValue(), fc.constantFrom(1.5, -1, 1e9, "", "x".repeat(600), [], {}, [""], { "": 0 }));
    fc.assert(
      fc.property(fc.constantFrom(...places), odd, (place, value) => {
        const mistakes = said(schema, replaced(right, place, value));
        expect(mistakes.filter((mistake) => OF_ZOD.test(mistake))).toEqual([]);
      }),
      { numRuns: 40 * TIMES },
    );
  });
});

type Place = readonly string[];

function placesIn(value: unknown): Place[] {
  if (typeof value !== "object" || value === null) return [[]];
  return [[], ...Object.entries(value).flatMap(([name, member]) => placesIn(member).map((place) => [name, ...place]))];
}

/** Also beside what stands at a place: a member of a name that nobody knows. */
function replaced(value: unknown, [first, ...rest]: Place, by: unknown): unknown {
  if (first === undefined) return typeof by === "string" && value instanceof Object ? { ...value, [by]: by } : by;
  const members = Object.entries(value as object).map(([name, member]) => [
    name,
    name === first ? replaced(member, rest, by) : member,
  ]);
  return Array.isArray(value) ? members.map(([, member]) => member) : Object.fromEntries(members);
}
