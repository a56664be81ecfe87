import { describe, expect, test } from "vitest";
import { composite } from "../../src/composites/tools/validate-completion-metadata.ts";
import { fakeContext } from "./fake-context.ts";

const full = { client_id: "acme", app: "checkout", env: "dev", project_id: "p" };
const check = (metadata: Record<string, unknown>, settings: Record<string, string> = {}) =>
  composite(metadata, fakeContext({}, { settings }).context);

describe("metadata", () => {
  test("that is complete is valid, and comes back", async () => {
    expect(await check(full)).toEqual({
      valid: true,
      errors: [],
      warnings: [],
      required: ["client_id", "app", "env"],
      metadata: full,
    });
  });

  test.each<[string, Record<string, unknown>, Record<string, string>, RegExp[], RegExp[]]>([
    [
      "nothing at all",
      {},
      {},
      [/^client_id is missing/, /^app is missing/, /^env is missing/],
      [/^project_id is missing/],
    ],
    ["blank is missing", { ...full, app: "  " }, {}, [/^app is missing/], []],
    ["null is no string", { ...full, feature: null }, {}, [/^feature must be a string, got null/], []],
    ["a number is no string", { ...full, env: 1 }, {}, [/^env is missing/, /^env must be a string, got a number/], []],
    [
      "another list of required fields",
      { app: "a", project_id: "p" },
      { PORTKEY_METADATA_REQUIRED: "app, feature" },
      [/^feature is missing/],
      [],
    ],
    ["no required fields", { project_id: "p" }, { PORTKEY_METADATA_REQUIRED: "" }, [], []],
    [
      "a required project",
      { client_id: "a", app: "b", env: "c" },
      { PORTKEY_METADATA_REQUIRED: "project_id" },
      [/^project_id is missing/],
      [],
    ],
    [
      "a value that is not allowed",
      full,
      { PORTKEY_METADATA_ALLOWED_ENVS: "staging, production" },
      [/^env "dev" is not allowed \(PORTKEY_METADATA_ALLOWED_ENVS\): use staging, production\./],
      [],
    ],
    [
      "values that are allowed",
      full,
      { PORTKEY_METADATA_ALLOWED_APPS: "checkout", PORTKEY_METADATA_ALLOWED_CLIENTS: "acme,globex" },
      [],
      [],
    ],
    ["a very long value", { ...full, feature: "x".repeat(129) }, {}, [], [/^feature is longer than 128 characters/]],
  ])("%s", async (_title, metadata, settings, errors, warnings) => {
    const found = await check(metadata, settings);
    expect(found["errors"]).toEqual(errors.map((each) => expect.stringMatching(each)));
    expect(found["warnings"]).toEqual(warnings.map((each) => expect.stringMatching(each)));
    expect(found["valid"]).toBe(errors.length === 0);
  });
});
