/** Arguments that go out as headers: from a document's parameter to what reaches the API. */
import { z } from "zod";
import { describe, expect, test } from "vitest";
import { emitValidators } from "../../codegen/emit/validators.ts";
import { generateTools } from "../../codegen/derive/records.ts";
import type { Document } from "../../codegen/read/document.ts";
import { readInputs } from "../../codegen/inputs.ts";
import type { ToolRecord } from "../../src/catalog/record.ts";
import { callRecord } from "../../src/portkey/call-record.ts";
import { bind } from "../../src/portkey/request/bind.ts";
import { args, context, KEY, portkeyAt, record } from "./records.ts";
import { json, startUpstream } from "./upstream.ts";

const TOOL = record({ arguments: args("header", "x_tsg_id=X-Tsg-Id", "x_count=X-Count") });
const OPTIONS = { maxResultBytes: 40_000 };
const HEADER = { validators: { get_thing: { header: z.object({ "X-Count": z.optional(z.int().max(9)) }) } } };
const checked = { loadValidators: { things: () => Promise.resolve(HEADER) } };

test("a document's header parameter is an argument in snake_case, checked under the API's name", async () => {
  const parameters = [
    { name: "X-Tsg-Id", in: "header", required: true, schema: { type: "string" } },
    { name: "x-portkey-api-key", in: "header", required: true, schema: { type: "string" } },
  ];
  const facts = {
    openapi: "3.0.0",
    info: { title: "t", version: "1" },
    paths: { "/things": { servers: [{ url: "{control}" }], get: { parameters, responses: {} } } },
  } as Document;
  const { curation } = await readInputs(new URL("../../openapi", import.meta.url).pathname);
  const { tools } = generateTools(facts, curation);
  const tool = tools.find(({ at }) => at?.path === "/things");
  expect(tool?.record.arguments).toEqual([{ name: "x_tsg_id", api: "X-Tsg-Id", place: "header", required: true }]);
  const [text] = [
    ...(await emitValidators(
      facts,
      tools.filter((each) => each === tool),
    )),
  ].map(([, content]) => content);
  expect(text).toMatch(/list_things: \{ header: zListThingsHeaders \}/);
  expect(text).toContain("X-Tsg-Id");
  expect(text).not.toContain("x-portkey-api-key");
});

test("it reaches the API as it is given, and a dry run shows it", async () => {
  const upstream = await startUpstream((response) => json(response, 200, {}));
  const portkey = portkeyAt(upstream.origin, checked);
  const writing: ToolRecord = { ...TOOL, method: "POST", risk: "create", idempotent: false };
  const given = { x_tsg_id: "tsg 1; a=b", x_count: 3 };
  const dry = await callRecord(
    portkey,
    { record: writing, args: { ...given, dry_run: true }, context: context() },
    OPTIONS,
  );
  expect(dry.body).toMatchObject({ would_send: { headers: { "x-tsg-id": "tsg 1; a=b", "x-count": "3" } } });
  await callRecord(portkey, { record: TOOL, args: given, context: context() }, OPTIONS);
  expect(upstream.received).toMatchObject([
    { url: "/v1/things", headers: { "x-tsg-id": "tsg 1; a=b", "x-count": "3", "x-portkey-api-key": KEY } },
  ]);
  await upstream.close();
});

test("what does not fit the document is told under the argument's name", async () => {
  const portkey = portkeyAt("http://127.0.0.1:9", checked);
  const writing: ToolRecord = { ...TOOL, method: "POST", risk: "create" };
  await expect(
    callRecord(portkey, { record: writing, args: { x_count: { a: 1 }, dry_run: true }, context: context() }, OPTIONS),
  ).rejects.toMatchObject({ code: "BAD_INPUT", message: expect.stringMatching(/x_count must be/) as string });
  const dry = await callRecord(
    portkey,
    { record: writing, args: { x_count: 12, dry_run: true }, context: context() },
    OPTIONS,
  );
  expect(JSON.stringify(dry.warnings)).toContain("x_count");
});

describe("what a header cannot carry is refused, not changed", () => {
  test.each<[unknown, string]>([
    ["a\r\nx-portkey-api-key: b", "holds characters that a header cannot carry"],
    ["a\nb", "holds characters that a header cannot carry"],
    ["\u0000", "holds characters that a header cannot carry"],
    ["caf\u00e9 \u2603", "holds characters that a header cannot carry"],
    [" a", "holds characters that a header cannot carry"],
    ["a\t", "holds characters that a header cannot carry"],
    [null, "must not be null, which a header cannot carry: leave it out"],
    [["a"], "must be text, got an array: a header carries no more"],
    [{ a: 1 }, "must be text, got an object: a header carries no more"],
  ])("%j", (value, text) => expect(bind(TOOL, { x_tsg_id: value }).problems).toEqual([{ path: "x_tsg_id", text }]));
});
