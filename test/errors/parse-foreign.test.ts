/** Values over which zod throws: a member that it compares with a number, and that is none. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { parseForeign } from "../../src/errors/parse-foreign.ts";

const odd = { length: [{ toString: 1 }] };
const schema = z.object({ name: z.string().min(1), tags: z.array(z.string()).max(2).optional() });

describe("a value over which zod throws", () => {
  it.each<[title: string, value: unknown, path: string]>([
    ["for a text", { name: odd }, "name"],
    ["for a list", { name: "a", tags: odd }, "tags"],
    ["with a size", { name: "a", tags: { size: { valueOf: null } } }, "tags"],
    ["deeper than a mistake of its own", { name: 1, tags: [odd] }, "name"],
  ])("%s is refused at its place", (_title, value, path) => {
    const { success, error } = parseForeign(schema, value);
    expect(success).toBe(false);
    expect(error?.issues.map((issue) => issue.path[0])).toContain(path);
  });

  it("is refused as a whole where nothing else is wrong with it", () => {
    const either = z.union([z.string().min(1), z.looseObject({})]);
    expect(() => either.safeParse(odd)).toThrow(TypeError);
    expect(parseForeign(either, odd).error?.issues).toMatchObject([{ code: "custom", path: [] }]);
  });
});

it("what zod takes is taken as it is", () => {
  expect(parseForeign(schema, { name: "a" })).toMatchObject({ success: true, data: { name: "a" } });
});
