/** A slip of a known name is told from a name of its own. */
import { describe, expect, test } from "vitest";
import fc from "fast-check";
import manifest from "../../generated/portkey/manifest.json" with { type: "json" };
import { NEAR_SYNONYMS } from "../../src/portkey/request/near-synonyms.ts";
import { findMisspelt } from "../../src/portkey/request/slip.ts";

const KNOWN = [
  "workspace_id",
  "page_size",
  "top_p",
  "cost_min",
  "usage_limits",
  "name",
  "description",
  "key",
  "scopes",
];
const slip = (name: string, given: string[] = []) => findMisspelt(name, KNOWN, new Set(given));

describe("slips", () => {
  test.each([
    ["workspaceId", "workspace_id"],
    ["workspace-id", "workspace_id"],
    ["WORKSPACE_ID", "workspace_id"],
    ["workspaceid", "workspace_id"],
    ["workspace_ids", "workspace_id"],
    ["id_workspace", "workspace_id"],
    ["wrokspace_id", "workspace_id"],
    ["worksapce_id", "workspace_id"],
    ["workspce_id", "workspace_id"],
    ["page_sise", "page_size"],
    ["pagesiz", "page_size"],
    ["usage_limit", "usage_limits"],
    ["usage_limts", "usage_limits"],
    ["usagelimits", "usage_limits"],
    ["nmae", "name"],
    ["nam", "name"],
    ["names", "name"],
    ["desciption", "description"],
    ["descirptoin", "description"],
    ["kye", "key"],
    ["scope", "scopes"],
    ["title", "name"],
    ["displayName", "name"],
    ["permissions", "scopes"],
    ["budget", "usage_limits"],
  ])("%s is one of %s", (name, meant) => expect(slip(name)).toBe(meant));
});

describe("names of their own", () => {
  test.each(["top_k", "top", "cost_max", "cost", "icon", "status", "rate_limits", "workspaces", "workspace_slug"])(
    "%s",
    (name) => expect(slip(name)).toBeUndefined(),
  );
  test.each(["", "_", "__", "x", "工作区", "🚪", "a".repeat(100_000)])("%s", (name) =>
    expect(slip(name)).toBeUndefined(),
  );

  test("a near synonym of an argument that the call gives", () => {
    expect(slip("title", ["name"])).toBeUndefined();
  });
});

test("no argument of a tool is a slip of another one of the same tool, but for a plural and two spellings", () => {
  const confused = manifest.flatMap(({ name: tool, arguments: args }) => {
    const names = args.map(({ name }) => name);
    return names.flatMap((name) => {
      const others = names.filter((other) => other !== name);
      const meant = findMisspelt(name, others, new Set(others));
      return meant === undefined ? [] : [`${tool}: ${name} for ${meant}`];
    });
  });
  expect(confused).toEqual([
    "get_analytics_group: includeTotal for include_total",
    "get_analytics_group: include_total for includeTotal",
    "delete_integration_model: slug for slugs",
    "delete_integration_model: slugs for slug",
  ]);
});

test("every known name in another case or with other separators is a slip of it", () => {
  const names = [...new Set(manifest.flatMap(({ arguments: args }) => args.map(({ name }) => name)))];
  const forms = [
    (name: string) => name.toUpperCase(),
    (name: string) => name.replace(/[_-]/g, "."),
    (name: string) => name.replace(/[_-](\w)/g, (_, letter: string) => letter.toUpperCase()),
  ];
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.constantFrom(...forms), (name, form) => {
      const written = form(name);
      return written === name || findMisspelt(written, [name], new Set()) === name;
    }),
    { numRuns: 500 },
  );
});

test("near synonyms are written as the table is read: words joined by _", () => {
  const words = Object.values(NEAR_SYNONYMS).flat();
  expect(words.filter((word) => !/^[a-z]+(_[a-z]+)*$/.test(word))).toEqual([]);
});
