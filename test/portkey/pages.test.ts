import { describe, expect, test } from "vitest";
import { findList, withItems } from "../../src/portkey/response/lists.ts";
import { pageInfo, remainingPages } from "../../src/portkey/response/pages.ts";
import type { Paging } from "../../src/catalog/record.ts";
import type { FoundList } from "../../src/portkey/response/lists.ts";

const FROM_0: Paging = { style: "page", page: "current_page", size: "page_size", first: 0 };
const FROM_1: Paging = { style: "page", page: "page", size: "page_size", first: 1 };
const CURSOR: Paging = { style: "cursor", page: "cursor", size: "limit", first: 0 };
const items = (count: number) => Array.from({ length: count }, (_, id) => ({ id }));
const read = (paging: Paging, values: Record<string, unknown>, body: unknown) =>
  pageInfo(paging, { values, body, list: findList(body) as FoundList });

describe("where the list is", () => {
  test.each([
    [{ data: [1], total: 1 }, "data"],
    [{ success: true, data: [1] }, "data"],
    [{ models: [1], total: 1 }, "models"],
    [{ workspaces: [] }, "workspaces"],
    [{ mappings: [1], total_count: 1 }, "mappings"],
    [{ records: [1] }, "records"],
    [{ servers: [1], metadata: {} }, "servers"],
    [{ summary: {}, data_points: [1] }, "data_points"],
    [[1], ""],
  ])("%j", (body, member) => {
    const list = findList(body) as FoundList;
    expect(list.member).toBe(member);
    expect(findList(withItems(body, list, [2, 3]))?.items).toEqual([2, 3]);
  });
  test.each([[{ id: "w", workspaces: [1] }], [{ data: { id: 1 } }], ["text"], [null], [undefined]])(
    "%j is no list",
    (body) => {
      expect(findList(body)).toBeUndefined();
    },
  );
});

describe("has_more and next", () => {
  test.each([
    [
      "the first of several, size not asked for",
      FROM_0,
      { search: "x" },
      { data: items(50), total: 120 },
      { hasMore: true, start: 0, next: { search: "x", current_page: 1, page_size: 50 } },
    ],
    [
      "a middle page",
      FROM_0,
      { current_page: 1, page_size: 50 },
      { data: items(50), total: 120 },
      { hasMore: true, start: 50, next: { current_page: 2, page_size: 50 } },
    ],
    [
      "the last page",
      FROM_0,
      { current_page: 2, page_size: 50 },
      { data: items(20), total: 120 },
      { hasMore: false, start: 100 },
    ],
    [
      "a full last page",
      FROM_0,
      { current_page: 1, page_size: 60 },
      { data: items(60), total: 120 },
      { hasMore: false, start: 60 },
    ],
    ["one page only", FROM_0, {}, { data: items(3), total: 3 }, { hasMore: false, start: 0 }],
    [
      "pages that begin at 1",
      FROM_1,
      { page_size: 10 },
      { data: items(10), total: 11 },
      { hasMore: true, start: 0, next: { page: 2, page_size: 10 } },
    ],
    [
      "the second of pages that begin at 1",
      FROM_1,
      { page: 2, page_size: 10 },
      { data: items(1), total: 11 },
      { hasMore: false, start: 10 },
    ],
    [
      "a size that Portkey caps",
      FROM_0,
      { page_size: 1000 },
      { data: items(100), total: 250 },
      { hasMore: true, start: 0, next: { current_page: 1, page_size: 100 } },
    ],
    [
      "the middle of capped pages",
      FROM_0,
      { current_page: 1, page_size: 1000 },
      { data: items(100), total: 250 },
      { hasMore: true, start: 100, next: { current_page: 2, page_size: 100 } },
    ],
    [
      "total_count as text",
      FROM_0,
      { page_size: 2 },
      { mappings: items(2), total_count: "3" },
      { hasMore: true, start: 0, next: { current_page: 1, page_size: 2 } },
    ],
    [
      "no total, a full page",
      FROM_0,
      { page_size: 5 },
      { data: items(5) },
      { hasMore: true, start: 0, next: { current_page: 1, page_size: 5 } },
    ],
    ["no total, a short page", FROM_0, { page_size: 5 }, { data: items(4) }, { hasMore: false, start: 0 }],
    ["no total, no size, a few items", FROM_0, {}, items(4), { hasMore: false, start: 0 }],
    [
      "no total, no size, many items",
      FROM_0,
      {},
      items(100),
      { hasMore: true, start: 0, next: { current_page: 1, page_size: 100 } },
    ],
    ["an empty page", FROM_0, { current_page: 9, page_size: 5 }, { data: [], total: 3 }, { hasMore: false, start: 45 }],
    [
      "Portkey's own word",
      FROM_1,
      { page_size: 5 },
      { data: items(3), total: 3, has_more: 1 },
      { hasMore: true, start: 0, next: { page: 2, page_size: 5 } },
    ],
    [
      "a later page of unknown size",
      FROM_0,
      { current_page: 2 },
      { data: items(5), total: 25 },
      { hasMore: true, start: undefined, next: { current_page: 3 } },
    ],
    [
      "a cursor",
      CURSOR,
      { limit: 2 },
      { servers: items(2), metadata: { nextCursor: "abc" } },
      { hasMore: true, start: undefined, next: { limit: 2, cursor: "abc" } },
    ],
    ["the last cursor", CURSOR, {}, { servers: items(2), metadata: {} }, { hasMore: false, start: undefined }],
  ])("%s", (_, paging, values, body, want) => expect(read(paging, values, body)).toEqual(want));
});

describe("the rest of a page that was cut", () => {
  test.each([
    [0, 37, { kept: 37, next: { current_page: 1, page_size: 37 } }],
    [100, 37, { kept: 25, next: { current_page: 5, page_size: 25 } }],
    [100, 1, { kept: 1, next: { current_page: 101, page_size: 1 } }],
    [97, 37, { kept: 37, next: { current_page: 3, page_size: 37 } }],
  ])("from item %i, %i fit", (start, kept, want) => expect(remainingPages(FROM_0, {}, start, kept)).toEqual(want));

  test.each([0, 20, 97, 100, 350])(
    "from %i on, the rest begins at or before what is left out, and ends after it",
    (start) => {
      const rests = Array.from({ length: 60 }, (_, index) => {
        const fitting = index + 1;
        const { kept, next } = remainingPages(FROM_1, {}, start, fitting);
        const size = next["page_size"] as number;
        const from = ((next["page"] as number) - 1) * size;
        return { fitting, kept, from, to: from + size };
      });
      const wrong = rests.filter(
        ({ fitting, kept, from, to }) => kept > fitting || from > start + kept || to <= start + kept,
      );
      expect(wrong).toEqual([]);
    },
  );
});
