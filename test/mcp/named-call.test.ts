/** What a call is warned about once the names in it have been replaced by ids. */
import { expect, test } from "vitest";
import { localCaller, promptRecord } from "./parts.ts";
import { resolveNames } from "../../src/mcp/tools/named-call.ts";
import type { Names } from "../../src/portkey/names/names.ts";

const values = { prompt_id: "name:Greeting", limit: 1000 };
const withId = { prompt_id: "p1", limit: 1000 };
const caller = localCaller();
const context = { credentials: caller.credentials, signal: new AbortController().signal };

const names: Names = {
  resolve: async () => ({ values: withId, notes: ["Greeting is p1."] }),
  beside: async (_call, body) => ({ body, notes: [] }),
  forget: () => undefined,
};

test("a warning about the name goes, one about something else stays, and one about the id comes", async () => {
  const others = ["prompt_id_format is not documented.", "limit is above the documented most."];
  const warnings = ["prompt_id is not a UUID.", "prompt_id[0] is not a UUID.", ...others];
  const checked = { args: values, parsed: { values, dryRun: false }, warnings };
  const again = { args: withId, parsed: { values: withId, dryRun: false }, warnings: ["prompt_id is unknown."] };
  const record = promptRecord("get_prompt");
  const resolved = await resolveNames({ names, record, caller, context }, checked, async () => again);
  const expected = [...others, "prompt_id is unknown."];
  expect(resolved).toEqual({ ...again, warnings: expected, notes: ["Greeting is p1."] });
});
