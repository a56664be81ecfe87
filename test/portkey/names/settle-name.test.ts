/** A text that names an object by something else than its id: what of it is sent, where there are lists of objects. */
import { describe, expect, test } from "vitest";
import { namedObject, type NamedObject } from "../../../src/portkey/names/named-objects.ts";
import { foundAt } from "../../../src/portkey/names/settle-name.ts";

const person = (id: string, email: string) => namedObject({ id, email }) as NamedObject;
const PLACE = { at: ["user_id"], kind: "user", bySlug: false, listed: false } as const;

const settled = async (text: string, objects: readonly NamedObject[], afresh = objects) => {
  const { place: _place, ...found } = await foundAt(
    { ...PLACE, text },
    async () =>
      async (again = false) =>
        again ? afresh : objects,
  );
  return found;
};

describe("a handle where only an id is taken", () => {
  test("becomes the id of the one object that has it", async () => {
    const people = [person("1", "ann@x.example"), person("2", "ben@x.example")];
    expect(await settled("ben@x.example", people)).toMatchObject({ text: "2" });
  });

  test.each([
    ["nobody", [person("1", "ann@x.example")]],
    ["two", [person("1", "ben@x.example"), person("2", "ben@x.example")]],
  ])("that %s has goes out as it was given", async (_who, people) => {
    expect(await settled("ben@x.example", people)).toEqual({});
  });
});

describe("a name", () => {
  test("that two have is refused, and both are shown", async () => {
    const people = [person("1", "ben@x.example"), person("2", "ben@x.example")];
    const { problem } = await settled("name:ben@x.example", people);
    expect(problem?.()).toMatch(/^user_id: 2 users are called "ben@x\.example": .*\b1\b.*\b2\b/);
  });

  test.each([
    ["nobody had", []],
    ["two had", [person("1", "ben@x.example"), person("2", "ben@x.example")]],
  ])("that %s when it was last looked up is looked up again", async (_who, before) => {
    const now = [person("3", "ben@x.example")];
    expect(await settled("name:ben@x.example", before, now)).toMatchObject({ text: "3" });
  });
});
