import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createCheck } from "../../src/portkey/request/check.ts";
import type { ToolValidators } from "../../src/portkey/request/validate.ts";
import { args, record } from "./records.ts";

const TOOL = record({
  name: "make",
  method: "PUT",
  path: "/x/{thingId}",
  risk: "update",
  arguments: [
    ...args("path", "thing_id=thingId!"),
    ...args("query", "page_size"),
    ...args("body", "name", "config", "limit", "status", "choice", "when", "id", "tags", "key", "mode"),
    ...args("own", "wait"),
  ],
  body: "fields",
});

const condition = z.object({ key: z.string(), value: z.union([z.string(), z.array(z.string())]) });
const VALIDATORS: ToolValidators = {
  path: z.object({ thingId: z.string() }),
  query: z.object({ page_size: z.int().gte(1).lte(100).optional() }),
  body: z
    .object({
      name: z.string().min(2).optional(),
      config: z.object({ targets: z.array(z.object({ weight: z.number(), name: z.string() })).optional() }).optional(),
      limit: z.int().nullish(),
      status: z.enum(["active", "archived"]).optional(),
      choice: z
        .union([z.enum(["none", "auto"]), z.object({ type: z.literal("function"), name: z.string() })])
        .optional(),
      when: z.iso.datetime().optional(),
      id: z.uuid().optional(),
      tags: z.record(z.string(), z.string()).optional(),
      key: z.enum(["a"]).optional(),
      mode: z.union([z.literal(0), z.literal(1)]).optional(),
    })
    .and(z.object({ conditions: z.array(condition).optional() })),
  own: z.object({ wait: z.boolean().optional() }),
};
const check = createCheck({ things: async () => ({ validators: { make: VALIDATORS } }) });
const call = (given: Record<string, unknown>) => check(TOOL, { thing_id: "t", ...given });
const problemsOf = (given: Record<string, unknown>) =>
  call(given).then(
    () => [],
    (error: { details: { problems: { path: string; text: string }[] } }) =>
      error.details.problems.map(({ path, text }) => `${path} ${text}`),
  );

describe("wrong JSON types are problems", () => {
  test.each([
    [{ limit: "ten" }, "limit must be a number, got a string"],
    [{ limit: "" }, "limit must be a number, got a string"],
    [{ page_size: "ten" }, "page_size must be a number, got a string"],
    [{ page_size: true }, "page_size must be a number, got a boolean"],
    [{ name: 3 }, "name must be a string, got a number"],
    [{ config: "none" }, "config must be an object, got a string"],
    [{ config: '["a"]' }, "config must be an object, got a string"],
    [{ config: [] }, "config must be an object, got an array"],
    [{ config: { targets: [{ weight: "x", name: "a" }] } }, "config.targets[0].weight must be a number, got a string"],
    [{ config: { targets: [{ weight: 1 }] } }, "config.targets[0].name is required (string)"],
    [{ status: 1 }, 'status must be one of "active", "archived", got a number'],
    [{ tags: { a: 1 } }, "tags.a must be a string, got a number"],
    [{ tags: { "a b": 1 } }, 'tags["a b"] must be a string, got a number'],
    [{ tags: [] }, "tags must be an object, got an array"],
    [{ when: 5 }, "when must be a string, got a number"],
    [{ mode: true }, "mode must be 0 or 1, got a boolean"],
    [{ thing_id: 7 }, "thing_id must be a string, got a number"],
    [{ wait: "yes" }, "wait must be a boolean, got a string"],
    [{ choice: 5 }, 'choice must be "none" or "auto" or an object, got a number'],
    [{ choice: { type: "function" } }, "choice.name is required (string)"],
  ])("%o", async (given, want) => {
    expect(await problemsOf(given)).toEqual([want]);
  });

  test("all are told at once, at most ten in full", async () => {
    const targets = Array.from({ length: 12 }, () => ({ weight: "one", name: 1 }));
    await expect(call({ limit: "x", nmae: 1, config: { targets } })).rejects.toMatchObject({
      code: "BAD_INPUT",
      message: expect.stringMatching(
        /^make: nothing was sent\.\n- nmae is not an argument of make; the closest is name\n.*- and 16 more problems/s,
      ) as string,
    });
  });
});

describe("misses of enums, formats and ranges are warnings", () => {
  test.each([
    [{ status: "paused" }, 'status "paused" is not among the documented values "active", "archived"'],
    [{ key: "sk-live-123" }, 'key the value is not among the documented values "a"'],
    [{ choice: "required" }, 'choice "required" is not among the documented values "none", "auto"'],
    [{ choice: { type: "tool", name: "x" } }, 'choice.type "tool" is not among the documented values "function"'],
    [{ when: "yesterday" }, "when is not in the documented format (datetime)"],
    [{ id: "my-slug" }, "id is not in the documented format (uuid)"],
    [{ page_size: 500 }, "page_size is above the documented maximum of 100"],
    [{ page_size: 0 }, "page_size is below the documented minimum of 1"],
    [{ name: "x" }, "name is below the documented minimum of 2 characters"],
    [{ limit: 1.5 }, "limit is documented as a whole number"],
    [{ mode: 2 }, "mode 2 is not among the documented values 0"],
  ])("%o", async (given, want) => {
    expect((await call(given)).warnings).toEqual([want]);
  });

  test.each([
    [{ limit: null }],
    [{ limit: 3 }],
    [{ config: { anything: { else: [null] } } }],
    [{ choice: "auto" }],
    [{}],
  ])("%o is as documented", async (given) => {
    expect((await call(given)).warnings).toEqual([]);
  });

  test("members that a strict schema does not know, and variants that no discriminator names", async () => {
    const validators = {
      body: z.object({
        config: z.strictObject({ a: z.string().optional() }).optional(),
        choice: z
          .discriminatedUnion("type", [z.object({ type: z.literal("a") }), z.object({ type: z.literal("b") })])
          .optional(),
      }),
    };
    const strict = createCheck({ things: async () => ({ validators: { make: validators } }) });
    expect((await strict(TOOL, { thing_id: "t", config: { b: 1 }, choice: { type: "c" } })).warnings).toEqual([
      "config has members that are not documented: b",
      "choice.type matches none of the documented variants",
    ]);
  });
});

describe("of several variants the nearest speaks", () => {
  test("one with warnings only lets the call pass", async () => {
    const validators = {
      body: z.object({ config: z.union([z.object({ a: z.uuid() }), z.object({ b: z.string() })]) }),
    };
    const union = createCheck({ things: async () => ({ validators: { make: validators } }) });
    expect((await union(TOOL, { thing_id: "t", config: { a: "slug" } })).warnings).toEqual([
      "config.a is not in the documented format (uuid)",
    ]);
  });

  test("a variant of the right JSON type beats one with fewer problems of the wrong type", async () => {
    const validators = { body: z.object({ config: z.union([z.string(), z.object({ b: z.int(), c: z.string() })]) }) };
    const union = createCheck({ things: async () => ({ validators: { make: validators } }) });
    await expect(union(TOOL, { thing_id: "t", config: { b: "one" } })).rejects.toMatchObject({
      details: { problems: [{ path: "config.b" }, { path: "config.c" }] },
    });
  });
});

test("entries are named as such", async () => {
  const log = z.object({ request: z.object({ url: z.string() }) });
  const tool = record({
    name: "make",
    method: "POST",
    risk: "create",
    arguments: args("body", "request", "entries"),
    body: "fields-or-list",
    bodyRequired: true,
  });
  const listed = createCheck({
    things: async () => ({ validators: { make: { body: z.union([log, z.array(log)]) } } }),
  });
  await expect(listed(tool, { entries: [{ request: { url: 1 } }] })).rejects.toMatchObject({
    details: { problems: [{ path: "entries[0].request.url" }] },
  });
  await expect(listed(tool, {})).rejects.toMatchObject({ details: { problems: [{ path: "request" }] } });
  await expect(listed(tool, { entries: [], request: {} })).rejects.toMatchObject({
    details: { problems: [{ path: "request", text: "cannot stand beside entries: put it into each entry" }] },
  });
});

test("a schema that contradicts itself says nothing about the arguments", async () => {
  const broken = z
    .object({ name: z.string().default("x") })
    .and(z.object({ name: z.string().optional().default("y") }));
  const check = createCheck({ things: async () => ({ validators: { make: { body: broken } } }) });
  await expect(check(TOOL, { thing_id: "t", limit: 1 })).resolves.toMatchObject({ warnings: [] });
});
