/** What arguments are called. */
import { expect, test } from "vitest";
import { argumentName } from "../../codegen/derive/argument-name.ts";
import type { Place } from "../../src/catalog/record.ts";

const TAKEN = new Set(["id", "path_id"]);

test.each<[Place, string, string]>([
  ["body", "name", "name"],
  ["body", "camelCase", "camelCase"],
  ["query", "a.b-c", "a.b-c"],
  ["path", "promptId", "prompt_id"],
  ["header", "X-Trace", "x_trace"],
  ["query", "filter[a]", "filter_a"],
  ["query", "$top", "top"],
  ["body", "weird key!", "weird_key"],
  ["body", "über", "uber"],
  ["body", "!!", "argument"],
  ["body", "x".repeat(80), "x".repeat(64)],
  ["body", "id", "body_id"],
  ["body", "dry_run", "body_dry_run"],
  ["query", "fields", "query_fields"],
  ["body", "more", "body_more"],
  ["body", "key", "key"],
])("%s %s: %s", (place, api, name) => {
  expect(argumentName(place, api, (other) => TAKEN.has(other))).toBe(name);
});
