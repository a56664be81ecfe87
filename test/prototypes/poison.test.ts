/** Names of prototypes in what comes in stay members of what they came in with. */
import { afterEach, describe, expect, test } from "vitest";
import { CompletionAssembly } from "../../src/composites/completion/assemble-completion.ts";
import { findChanges } from "../../src/composites/values/compare-fields.ts";
import { waitForExport } from "../../src/composites/exports/wait-for-export.ts";
import { fakeContext } from "../composites/fake-context.ts";
import {} from "../fuzz/hostile-json.ts";
import { prototypeMembers } from "../fuzz/prototypes.ts";

const before = prototypeMembers();
afterEach(() => {
  expect(prototypeMembers()).toBe(before);
  expect(({} as Record<string, unknown>)["aborted"]).toBeUndefined();
});

const NAMES = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "0", ""];

describe.each<[where: string, chunkWith: (member: string) => string]>([
  ["in a delta", (member) => `{"choices":[{"index":0,"delta":{${member}:{"aborted":true}}}]}`],
  [
    "twice in a delta",
    (member) => `{"choices":[{"index":0,"delta":{${member}:{${member}:{"aborted":true,"adminKey":"stranger"}}}}]}`,
  ],
  ["in a choice", (member) => `{"choices":[{"index":0,${member}:{"aborted":true}}]}`],
  ["at the top", (member) => `{${member}:{"aborted":true},"choices":[]}`],
  [
    "in a tool call",
    (member) => `{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,${member}:{"aborted":true}}]}}]}`,
  ],
])("a streamed completion, %s", (_where, chunkWith) => {
  test.each(NAMES)("keeps %j as a member like any other", (name) => {
    const chunk = chunkWith(JSON.stringify(name));
    const assembly = new CompletionAssembly();
    assembly.add(JSON.parse(chunk) as Record<string, unknown>);
    assembly.add(JSON.parse(chunk) as Record<string, unknown>);
    const answer = assembly.answer();
    expect(Object.getPrototypeOf(answer)).toBe(Object.prototype);
    expect(JSON.stringify(answer)).toContain('"aborted":true');
    expect(answer["aborted"]).toBeUndefined();
  });
});

test.each(NAMES.filter((name) => name !== ""))("fields that are called %j are compared as fields", (name) => {
  const one = JSON.parse(`{"a":1,${JSON.stringify(name)}:{"b":1}}`) as object;
  expect(findChanges(one, { a: 1 })).toEqual([{ field: name, before: { b: 1 } }]);
  expect(findChanges(one, one)).toEqual([]);
});

test.each(NAMES)("an export whose status is %j is not done, and no error", async (status) => {
  const { context } = fakeContext({ get_log_export: { status } });
  expect(await waitForExport(context, "e", 0.1)).toBeUndefined();
});
