import { expect, test } from "vitest";
import { closestName } from "../../src/errors/closest-name.ts";

test.each([
  ["promptId", ["prompt_id", "name"], "prompt_id"],
  ["id", ["name", "prompt_id", "at"], "prompt_id"],
  ["nmae", ["note", "name"], "name"],
  ["pageSize", ["page_size", "current_page"], "page_size"],
  ["workspace-id", ["workspace_slug", "workspace_id"], "workspace_id"],
  ["descr", ["description", "name"], "description"],
  ["anything", [], undefined],
  ["x".repeat(100_000), ["name"], "name"],
])("%s of %o is %s", (given, candidates, want) => expect(closestName(given, candidates)).toBe(want));
