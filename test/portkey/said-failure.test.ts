/** A 200 whose body says `success: false` is a failure, told in Portkey's words. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { args, context, CREATE, portkeyAt, record } from "./records.ts";
import { json, startUpstream, type Upstream } from "./upstream.ts";

let answer: unknown;
let status = 200;
let upstream: Upstream;
beforeAll(async () => {
  upstream = await startUpstream((response) => json(response, status, answer, { "x-request-id": "req-9" }));
});
afterAll(() => upstream.close());

const READ = record({ arguments: args("query", "search") });
const send = (tool = READ, given = {}) => portkeyAt(upstream.origin).send(tool, given, context());

describe("an answer that says success: false", () => {
  test.each([
    [{ success: false, data: { message: "Model is in use", errorCode: "AB07" } }, "Model is in use"],
    [{ success: false, message: "no" }, "no"],
    [{ success: false, error: { message: "denied", code: "x" } }, "denied"],
    [{ success: false }, '{"success":false}'],
    [{ total: 0, data: [], success: false, error: "timed out" }, "timed out"],
  ])("%j fails with what Portkey said", async (body, message) => {
    [answer, status] = [body, 200];
    await expect(send()).rejects.toMatchObject({
      code: "PORTKEY",
      message: expect.stringContaining(`success: false). It says: ${JSON.stringify(message)}.`) as string,
      details: { tool: "get_thing", status: 200, upstreamMessage: message },
    });
  });

  test("of a write leaves open what it did, and is not sent again", async () => {
    [answer, status] = [{ success: false, data: { message: "x" } }, 201];
    upstream.received.length = 0;
    await expect(send(CREATE, { name: "n" })).rejects.toMatchObject({
      message: expect.stringContaining("Whether it took effect is unknown") as string,
    });
    expect(upstream.received).toHaveLength(1);
  });

  test("never shows a secret that was sent", async () => {
    [answer, status] = [{ success: false, message: "bad sk-live-0123456789abcdef" }, 200];
    const failed = send(CREATE, { name: "n", key: "sk-live-0123456789abcdef" });
    await expect(failed).rejects.toMatchObject({ message: expect.not.stringContaining("sk-live-0123") as string });
  });
});

test.each([
  [{ success: true, data: { success: false } }],
  [{ data: [{ success: false }] }],
  [[{ success: false }]],
  [{ note: '"success":false' }],
  [{ success: "false" }],
  [{}],
])("%j is a success", async (body) => {
  [answer, status] = [body, 200];
  expect((await send()).body).toEqual(body);
});
