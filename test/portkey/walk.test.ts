import { describe, expect, test } from "vitest";
import { callRecord } from "../../src/portkey/call-record.ts";
import { fetchAllItems } from "../../src/portkey/response/walk/all-items.ts";
import { context, LIST, portkeyAt, record } from "./records.ts";
import { json, startUpstream, type Received } from "./upstream.ts";

const OPTIONS = { maxResultBytes: 1_000_000 };
const items = (count: number, from = 0) => Array.from({ length: count }, (_, index) => ({ id: from + index }));

/** A list of `total` items that honours the page arguments, `cap` at most to a page. */
function pagesOf(total: number, { cap = 100, standard = 20, withTotal = true } = {}) {
  return ({ url }: Received) => {
    const query = new URL(url, "http://x").searchParams;
    const size = Math.min(Number(query.get("page_size") ?? standard), cap);
    const from = Number(query.get("current_page") ?? 0) * size;
    return { data: items(Math.max(0, Math.min(size, total - from)), from), ...(withTotal && { total }) };
  };
}

async function walk(
  answer: (received: Received, count: number) => unknown,
  args: Record<string, unknown> = {},
  limits = { items: 10_000, pages: 200 },
  tool = LIST,
) {
  const upstream = await startUpstream((response, received, count) => json(response, 200, answer(received, count)));
  const progress: unknown[] = [];
  try {
    const result = await callRecord(
      portkeyAt(upstream.origin),
      {
        record: tool,
        args: { ...args, all_pages: true },
        context: context({ progress: (...report) => progress.push(report) }),
      },
      { ...OPTIONS, limits },
    );
    return {
      body: result.body as Record<string, unknown> & { data: unknown[] },
      warnings: result.warnings,
      urls: upstream.received.map(({ url }) => url),
      progress,
    };
  } finally {
    await upstream.close();
  }
}

describe("all_pages", () => {
  test("fetches every page, the first exactly as asked for, with progress", async () => {
    const { body, urls, progress, warnings } = await walk(pagesOf(45), { search: "x" });
    expect(body).toEqual({ data: items(45), total: 45, has_more: false });
    expect(urls).toEqual([
      "/v1/things?search=x",
      "/v1/things?search=x&current_page=1",
      "/v1/things?search=x&current_page=2",
    ]);
    expect(progress).toEqual([
      [20, 45, "20 items from 1 page"],
      [40, 45, "40 items from 2 pages"],
      [45, 45, "45 items from 3 pages"],
    ]);
    expect(warnings).toEqual([]);
  });

  test.each([
    ["a total ends it without another request", pagesOf(40), {}, 40, 2],
    ["a page size over Portkey's cap still gets everything", pagesOf(250), { page_size: 1000 }, 250, 3],
    ["without a total a short page ends it", pagesOf(45, { withTotal: false }), { page_size: 20 }, 45, 3],
    [
      "without a total a full last page needs one more look",
      pagesOf(40, { withTotal: false }),
      { page_size: 20 },
      40,
      3,
    ],
    ["without a total a page smaller than another ends it", pagesOf(55, { withTotal: false }), {}, 55, 3],
    ["a few items without a total are all there is", pagesOf(3, { withTotal: false }), {}, 3, 1],
    ["from a later page on", pagesOf(100), { current_page: 2, page_size: 30 }, 40, 2],
    ["an empty list", pagesOf(0), {}, 0, 1],
  ] as const)("%s", async (_, answer, args, count, requests) => {
    const { body, urls } = await walk(answer, args);
    expect(body.data).toHaveLength(count);
    expect(new Set(body.data.map((item) => JSON.stringify(item))).size).toBe(count);
    expect(urls).toHaveLength(requests);
  });

  test("a list that ignores the page is read once, and the result says so", async () => {
    const { body, urls, warnings } = await walk(() => ({ data: items(20), total: 100 }));
    expect(body.data).toHaveLength(20);
    expect(urls).toHaveLength(2);
    expect(warnings).toEqual([
      expect.stringContaining("the same page twice"),
      expect.stringContaining("100 items, and 20 came"),
    ]);
  });

  test("it stops at its limits, says so, and tells how to go on", async () => {
    const byPages = await walk(pagesOf(1000), { fields: "id" }, { items: 10_000, pages: 3 });
    expect(byPages.body).toMatchObject({ has_more: true, next: { current_page: 3, fields: "id" } });
    expect(byPages.body.data).toHaveLength(60);
    expect(byPages.warnings).toEqual([expect.stringContaining("there are more than these 60")]);
    expect((await walk(pagesOf(1000), {}, { items: 40, pages: 200 })).body.data).toHaveLength(40);
  });

  test("Portkey's has_more decides where there is one", async () => {
    const { body, urls } = await walk((_, count) => ({ data: items(2, count * 2), has_more: count < 3 }));
    expect(urls).toHaveLength(3);
    expect(body).toMatchObject({ has_more: false });
    expect(body.data).toHaveLength(6);
  });

  test("a cursor is followed to its end, and never in a circle", async () => {
    const tool = record({ ...LIST, paging: { style: "cursor", page: "search", size: "page_size", first: 0 } });
    const { body, urls } = await walk(
      (_, count) => ({ servers: items(2, count * 2), metadata: count < 3 ? { nextCursor: `c${count}` } : {} }),
      {},
      undefined,
      tool,
    );
    expect(urls).toEqual(["/v1/things", "/v1/things?search=c1", "/v1/things?search=c2"]);
    expect(body["servers"]).toHaveLength(6);
    expect(
      (
        await walk(
          (_, count) => ({ servers: items(2, count * 2), metadata: { nextCursor: "same" } }),
          {},
          undefined,
          tool,
        )
      ).urls,
    ).toHaveLength(2);
  });

  test("an answer that is no list comes back as it is", async () => {
    expect((await walk(() => ({ id: 1 }))).body).toEqual({ id: 1 });
  });

  test("a later page that is no list ends the walk with an error, not with a part of the list", async () => {
    await expect(walk((received, count) => (count === 2 ? {} : pagesOf(100)(received)))).rejects.toMatchObject({
      code: "UNREACHABLE",
      details: { pages: 2 },
    });
  });

  test("an error on a later page ends the walk with that error", async () => {
    const upstream = await startUpstream((response, received, count) =>
      json(response, count === 2 ? 403 : 200, pagesOf(100)(received)),
    );
    await expect(
      callRecord(portkeyAt(upstream.origin), { record: LIST, args: { all_pages: true }, context: context() }, OPTIONS),
    ).rejects.toMatchObject({ code: "PORTKEY" });
    await upstream.close();
  });
});

describe("a part never passes for the whole", () => {
  const PAGED = { ...LIST.paging, style: "page", page: "current_page", size: "page_size" } as const;
  const from = (first: 0 | 1) => record({ ...LIST, paging: { ...PAGED, first } });
  const { first: _unknown, ...unsure } = { ...PAGED };
  const UNSURE = record({ ...LIST, paging: unsure });

  /** A list of `total` items whose pages count from `first`; a page before the first is the first. */
  const counting =
    (first: number, total: number, size = 20, withTotal = true) =>
    ({ url }: Received) => {
      const page = Number(new URL(url, "http://x").searchParams.get("current_page") ?? first);
      const at = Math.max(0, page - first) * size;
      return { data: items(Math.max(0, Math.min(size, total - at)), at), ...(withTotal && { total }) };
    };

  const lists = ([0, 1] as const).flatMap((first) =>
    [true, false].flatMap((withTotal) => [0, 7, 20, 40, 45, 61].map((total) => ({ first, withTotal, total }))),
  );
  test.each(lists)(
    "a list of $total items, of an unknown first page, that counts from $first is read whole (total told: $withTotal)",
    async ({ first, total, withTotal }) => {
      const { body, warnings } = await walk(counting(first, total, 20, withTotal), {}, undefined, UNSURE);
      expect(body.data).toEqual(items(total));
      expect(warnings).toEqual([]);
    },
  );

  test("a list that is said to count from 1 and counts from 0 is noticed to lack a page", async () => {
    const { body, warnings } = await walk(counting(0, 230, 100), {}, undefined, from(1));
    expect(body.data).toHaveLength(130);
    expect(warnings).toEqual(["The API says that this list has 230 items, and 130 came: 100 are missing here"]);
  });

  test("a list that is said to count from 0 and counts from 1 is noticed to repeat", async () => {
    const { warnings } = await walk(counting(1, 45), {}, undefined, from(0));
    expect(warnings).toEqual([
      expect.stringContaining("the same page twice"),
      "The API says that this list has 45 items, and 20 came: 25 are missing here",
    ]);
  });

  test("items that come again, because the list moved while it was read, are given once", async () => {
    const pages = [items(20), items(20, 15), items(10, 35)];
    const { body, warnings } = await walk((_, count) => ({ data: pages[count - 1] ?? [], total: 45 }));
    expect(body.data).toEqual(items(45));
    expect(warnings).toEqual([expect.stringContaining("5 items came twice")]);
  });

  test("rows without an id may be equal", async () => {
    const row = { model: "m", requests: 1 };
    const { body, warnings } = await walk((_, count) => ({ data: count === 1 ? [row, row] : [row], total: 3 }), {
      page_size: 2,
    });
    expect(body.data).toEqual([row, row, row]);
    expect(warnings).toEqual([]);
  });

  test("a page size above Portkey's cap does not end the walk, without a total", async () => {
    const { body, warnings } = await walk(pagesOf(123, { cap: 100, withTotal: false }), { page_size: 1000 });
    expect(body.data).toEqual(items(123));
    expect(warnings).toEqual([]);
  });

  test.each([
    [
      { total: 130, data: items(100) },
      LIST,
      ["The API says that this list has 130 items, and 100 came: 30 are missing here"],
    ],
    [{ total: "130", data: items(100), has_more: false }, LIST, [expect.stringContaining("130 items, and 100")]],
  ])("all_pages of a list that goes on with nothing", async (first, tool, want) => {
    expect(
      (await walk((_, count) => (count === 1 ? first : { ...first, data: [] }), {}, undefined, tool)).warnings,
    ).toEqual(want);
  });

  describe("one answer", () => {
    const plain = async (body: unknown, tool = record(), args: Record<string, unknown> = {}) => {
      const upstream = await startUpstream((response) => json(response, 200, body));
      const result = await callRecord(portkeyAt(upstream.origin), { record: tool, args, context: context() }, OPTIONS);
      await upstream.close();
      return result.warnings;
    };
    const short = ["The API says that this list has 130 items, and 100 came: 30 are missing here"];
    test.each([
      ["a total that is more, without pages", { total: 130, data: items(100) }, record(), short],
      ["a total as text", { total_count: "130", mappings: items(100) }, record(), short],
      ["a count", { count: "130", data: items(100) }, record(), short],
      ["a page's own count", { count: 100, data: items(100) }, record(), []],
      ["a total that is as many", { total: 100, data: items(100) }, record(), []],
      ["a total that is less", { total: 7, data: items(100) }, record(), []],
      ["no number", { total: "", data: items(100) }, record(), []],
      ["an object's total", { id: "x", total: 130, data: items(100) }, record(), []],
      ["a page, which says that there are more", { total: 130, data: items(100) }, LIST, []],
      ["a page after which Portkey says there is none", { total: 130, data: items(100), has_more: false }, LIST, short],
      ["no list", { total: 130 }, record(), []],
    ])("%s", async (_, body, tool, want) => expect(await plain(body, tool)).toEqual(want));

    test("a full page of a usual cap is not taken for all that was asked for", async () => {
      const upstream = await startUpstream((response) => json(response, 200, { data: items(100) }));
      const { body } = await callRecord(
        portkeyAt(upstream.origin),
        { record: LIST, args: { page_size: 500 }, context: context() },
        OPTIONS,
      );
      expect(body).toMatchObject({ has_more: true, next: { current_page: 1, page_size: 100 } });
      await upstream.close();
    });
  });
});

describe("every item, for composites", () => {
  async function every(answer: (received: Received) => unknown, tool = LIST, limit?: number) {
    const upstream = await startUpstream((response, received) => json(response, 200, answer(received)));
    try {
      const { items: all, shortfall } = await fetchAllItems(
        portkeyAt(upstream.origin),
        { record: tool, args: {}, context: context() },
        limit,
      );
      return shortfall === undefined ? all : { all, shortfall };
    } finally {
      await upstream.close();
    }
  }
  test("of all pages", async () => expect(await every(pagesOf(45))).toEqual(items(45)));
  test("of a bare array that is not paged", async () =>
    expect(await every(() => items(3), record())).toEqual(items(3)));
  test("too many are an error, never a part", async () => {
    await expect(every(pagesOf(100), LIST, 50)).rejects.toMatchObject({
      code: "PORTKEY",
      message: expect.stringContaining("more than 50 items") as string,
    });
    await expect(every(() => items(51), record(), 50)).rejects.toMatchObject({ code: "PORTKEY" });
  });
  test("exactly as many as allowed are fine", async () => expect(await every(pagesOf(40), LIST, 40)).toHaveLength(40));
  test.each([
    ["a list without pages", record(), () => ({ total: "130", data: items(100) })],
    [
      "a list whose pages end early",
      LIST,
      ({ url }: Received) => ({ total: 130, data: url.includes("current_page=1") ? [] : items(100) }),
    ],
  ])("fewer than the total of %s are told, with both numbers", async (_, tool, answer) =>
    expect(await every(answer, tool)).toMatchObject({ shortfall: { total: 130, gathered: 100 } }),
  );
  test("no list is an error", async () =>
    await expect(every(() => ({ id: 1 }))).rejects.toMatchObject({ code: "BAD_INPUT" }));
});
