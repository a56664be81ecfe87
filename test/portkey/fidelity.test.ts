/** What is given is what is sent: for random tools and random arguments, over a real socket. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isSecretName } from "../../src/log/secret-names.ts";
import { segmentProblem } from "../../src/portkey/request/path-segment.ts";
import type { ToolRecord } from "../../src/catalog/record.ts";
import { args, context, portkeyAt, record } from "./records.ts";
import { json, startUpstream, type Upstream } from "./upstream.ts";

let upstream: Upstream;
beforeAll(async () => {
  upstream = await startUpstream((response) => json(response, 200, { ok: 1 }));
});
afterAll(() => upstream.close());

const METHODS = ["POST", "PUT", "PATCH", "DELETE"] as const;
/** Whole numbers that may have been rounded are refused: rounded-numbers.test.ts. */
const isExact = (value: unknown): boolean =>
  typeof value === "object" && value !== null
    ? Object.values(value).every(isExact)
    : !Number.isInteger(value) || Number.isSafeInteger(value);
/** Anything JSON can say; -0 is left out, which JSON.stringify itself cannot keep. */
const jsonValue = fc
  .jsonValue({ maxDepth: 4 })
  .map((value) => JSON.parse(JSON.stringify(value)) as unknown)
  .filter(isExact);
const queryText = fc.string({ unit: "grapheme", maxLength: 12 });
const scalar = fc.oneof(
  queryText,
  fc.integer(),
  fc.boolean(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter(isExact),
);
const pathId = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 20 })
  .filter((id) => segmentProblem(id) === undefined && !/\p{Surrogate}/u.test(id));

/** A plan masks the values of members that are called like secrets. */
const memberName = fc.stringMatching(/^[a-z]{1,5}$/).filter((name) => !isSecretName(name));

const TOOL: ToolRecord = record({
  name: "any_tool",
  risk: "update",
  path: "/things/{thingId}/sub-things/{sub-type}",
  arguments: [
    ...args("path", "thing_id=thingId!", "sub_type=sub-type!"),
    ...args("query", "q", "tags", "filter"),
    ...args("body", "name", "config", "none", "list"),
  ],
  body: "fields",
});

test("request equals arguments", async () => {
  const given = fc.record({
    method: fc.constantFrom(...METHODS),
    path: fc.tuple(pathId, pathId),
    query: fc.record(
      {
        q: scalar,
        tags: fc.array(scalar, { minLength: 1, maxLength: 4 }),
        filter: fc.dictionary(memberName, scalar, { minKeys: 1, maxKeys: 3 }),
      },
      { requiredKeys: [] },
    ),
    body: fc.record({ name: jsonValue, config: jsonValue, none: jsonValue, list: jsonValue }, { requiredKeys: [] }),
    folded: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(given, async ({ method, path: [thing_id, sub_type], query, body, folded }) => {
      const tool = { ...TOOL, method };
      const before = JSON.stringify(body);
      const call = folded
        ? { thing_id, sub_type, more: { ...query, ...body } }
        : { thing_id, sub_type, ...query, ...body };
      const portkey = portkeyAt(upstream.origin);
      const plan = await portkey.plan(tool, call, context());
      await portkey.send(tool, call, context());
      const sent = upstream.received.at(-1);
      const url = new URL(sent?.url ?? "", upstream.origin);
      const segments = url.pathname.split("/").map(decodeURIComponent);
      expect({ method: sent?.method, segments }).toEqual({
        method,
        segments: ["", "v1", "things", thing_id, "sub-things", sub_type],
      });
      const text = (value: unknown): string => String(value);
      const wanted = [
        ...("q" in query ? [["q", text(query.q)]] : []),
        ...(query.tags ?? []).map((tag) => ["tags", text(tag)]),
        ...Object.entries(query.filter ?? {}).map(([name, value]) => [`filter[${name}]`, text(value)]),
      ];
      expect([...url.searchParams]).toEqual(wanted);
      const hasBody = Object.keys(body).length > 0;
      expect(sent?.body === "" ? undefined : JSON.parse(sent?.body ?? "")).toEqual(hasBody ? body : undefined);
      expect(sent?.headers["content-type"]).toBe(hasBody ? "application/json" : undefined);
      expect(JSON.stringify(body)).toBe(before);
      expect(plan.url).toBe(upstream.origin + sent?.url);
    }),
    { numRuns: 200 },
  );
});

test("null stays null, empty stays empty, nothing is added", async () => {
  const body = { name: null, config: {}, list: [], none: "" };
  await portkeyAt(upstream.origin).send(
    { ...TOOL, method: "PUT" },
    { thing_id: "a", sub_type: "b", ...body },
    context(),
  );
  expect(upstream.received.at(-1)?.body).toBe('{"name":null,"config":{},"none":"","list":[]}');
});

test("a demanded body with no argument given is an empty object, any other is absent", async () => {
  const portkey = portkeyAt(upstream.origin);
  const ids = { thing_id: "a", sub_type: "b" };
  await portkey.send({ ...TOOL, method: "POST", bodyRequired: true }, ids, context());
  expect(upstream.received.at(-1)?.body).toBe("{}");
  await portkey.send({ ...TOOL, method: "POST" }, ids, context());
  expect(upstream.received.at(-1)?.body).toBe("");
});

test("entries are the body themselves", async () => {
  const tool = record({
    name: "insert_log",
    method: "POST",
    risk: "create",
    arguments: args("body", "request", "entries"),
    body: "fields-or-list",
    bodyRequired: true,
  });
  await portkeyAt(upstream.origin).send(tool, { entries: [{ request: { a: null } }, {}] }, context());
  expect(upstream.received.at(-1)?.body).toBe('[{"request":{"a":null}},{}]');
});

test("10 MB of arguments arrive whole", async () => {
  const config = { text: "ä".repeat(5_000_000), rows: Array.from({ length: 1000 }, (_, index) => ({ index })) };
  await portkeyAt(upstream.origin).send(
    { ...TOOL, method: "PUT" },
    { thing_id: "a", sub_type: "b", config },
    context(),
  );
  expect(Buffer.byteLength(upstream.received.at(-1)?.body ?? "")).toBeGreaterThan(10_000_000);
  expect(JSON.parse(upstream.received.at(-1)?.body ?? "")).toEqual({ config });
});
