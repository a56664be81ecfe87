/** A mistake is told by the name that the caller gave, whatever the API calls it. */
import { expect, test } from "vitest";
import { z } from "zod";
import { validate } from "../../src/portkey/request/validate.ts";
import { args, record } from "./records.ts";

test.each(["path", "query", "header"] as const)("in the %s", (place) => {
  const tool = record({ path: "/things/{theirs}", arguments: args(place, "ours=theirs!") });
  const { request, problems } = validate(tool, { ours: "a" }, { [place]: z.object({ theirs: z.number() }) });
  expect(request[place]).toEqual({ theirs: "a" });
  expect(problems).toMatchObject([{ path: "ours", at: ["ours"] }]);
});
