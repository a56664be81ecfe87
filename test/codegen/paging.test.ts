/** Where a list's first page comes from: the curation, else the document, and never the parameter's name. */
import { describe, expect, test } from "vitest";
import { pagingOf } from "../../codegen/derive/paging.ts";

describe("the first page", () => {
  test.each([
    ["page", { minimum: 1 }, undefined, 1],
    ["page", { minimum: 0 }, undefined, 0],
    ["page", { default: 1, minimum: 0 }, undefined, 1],
    ["page", { minimum: 1 }, 0, 0],
    ["page", {}, undefined, undefined],
    ["page", { default: 50 }, undefined, undefined],
    ["page", {}, 0, 0],
    ["current_page", {}, undefined, undefined],
    ["current_page", { minimum: 1 }, undefined, 1],
  ] as const)("%s %j, curated %s: %s", (name, schema, curated, want) => {
    const paging = pagingOf("get", { [name]: schema, page_size: {} }, curated);
    expect(paging).toEqual({
      style: "page",
      page: name,
      size: "page_size",
      ...(want !== undefined && { first: want }),
    });
  });

  test("no paging without both parameters, or where nothing is read", () => {
    expect(pagingOf("get", { page: {} }, 0)).toBeUndefined();
    expect(pagingOf("post", { page: {}, page_size: {} }, 0)).toBeUndefined();
  });
});
