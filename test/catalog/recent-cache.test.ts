import { expect, test } from "vitest";
import { createRecentCache } from "../../src/catalog/recent-cache.ts";

test("keeps the last few keys asked for, and makes the others again", () => {
  const made: string[] = [];
  const recent = createRecentCache<string>(2);
  const get = (key: string) =>
    recent(key, () => {
      made.push(key);
      return key.toUpperCase();
    });
  expect(["a", "b", "a", "c", "a", "b"].map(get)).toEqual(["A", "B", "A", "C", "A", "B"]);
  expect(made).toEqual(["a", "b", "c", "b"]);
});

test("keeps undefined too", () => {
  let times = 0;
  const recent = createRecentCache<undefined>();
  const get = () => recent("a", () => void times++);
  get();
  get();
  expect(times).toBe(1);
});
