import type { ErrorResponse } from "openapi-typescript-helpers";
import { describe, expect, expectTypeOf, test } from "vitest";
import { createPortkeyClient, type components, type PortkeyPaths } from "../../src/client.ts";
import { json, startUpstream } from "./upstream.ts";

test("the typed client sends the key, and binds path, query and body", async () => {
  const upstream = await startUpstream((response) => json(response, 200, { id: "p1" }));
  const client = createPortkeyClient({ apiKey: "pk-1", baseUrl: `${upstream.origin}/v1/` });
  const { data, response } = await client.GET("/prompts/{promptId}", { params: { path: { promptId: "a/b" } } });
  expect(response.status).toBe(200);
  expect(data).toEqual({ id: "p1" });
  await client.PUT("/prompts/{promptId}/makeDefault", { params: { path: { promptId: "p1" } }, body: { version: 3 } });
  expect(upstream.received).toMatchObject([
    { method: "GET", url: "/v1/prompts/a%2Fb", headers: { "x-portkey-api-key": "pk-1" } },
    { method: "PUT", url: "/v1/prompts/p1/makeDefault", body: '{"version":3}' },
  ]);
  await upstream.close();
});

test("the key does not follow a redirect", async () => {
  const other = await startUpstream((response) => json(response, 200, {}));
  const upstream = await startUpstream((response) => response.writeHead(302, { location: other.origin }).end());
  const { response } = await createPortkeyClient({ apiKey: "pk-1", baseUrl: upstream.origin }).GET("/configs");
  expect([response.status, other.received.length]).toEqual([302, 0]);
  await Promise.all([upstream.close(), other.close()]);
});

test("Portkey's types come with it", () => {
  expectTypeOf<components["schemas"]>().toBeObject();
});

const refusals: readonly (readonly [title: string, body: string, error: unknown])[] = [
  [
    "of Portkey's is what Portkey said",
    '{"success":false,"data":{"message":"m"}}',
    { success: false, data: { message: "m" } },
  ],
  ["without a body is an error all the same", "", { success: false, data: { message: "Status 502 without a body." } }],
  ["of a balancer is its text", "<p>Bad gateway</p>\n", { success: false, data: { message: "<p>Bad gateway</p>" } }],
  ["that is a text in JSON is no other thing", '"gone"', { success: false, data: { message: '"gone"' } }],
];
describe.each([
  ["with a length", (body: string) => ({ "content-length": body.length })],
  ["without a length", () => ({})],
])("%s", (_what, lengthOf) => {
  test.each(refusals)("a refusal %s", async (_title, body, expected) => {
    const length = lengthOf(body);
    const upstream = await startUpstream((response) => response.writeHead(502, { ...length, "x-a": "b" }).end(body));
    const { data, error, response } = await createPortkeyClient({ apiKey: "pk", baseUrl: upstream.origin }).GET(
      "/configs",
    );
    expect({ data, error }).toEqual({ error: expected });
    expect([response.status, response.headers.get("x-a")]).toEqual([502, "b"]);
    await upstream.close();
  });
});

/** Checked by tsc alone: nothing of it runs. */
export async function answersAreThereWhereNothingWasRefused() {
  const portkey = createPortkeyClient({ apiKey: "pk" });
  const path = { promptId: "p" };

  const documented = await portkey.GET("/prompts/{promptId}", { params: { path } });
  if (documented.error) throw new Error(documented.error.data?.message);
  expectTypeOf(documented.data.name).toEqualTypeOf<string | undefined>();

  const { data, error } = await portkey.PUT("/prompts/{promptId}/makeDefault", {
    params: { path },
    body: { version: 3 },
  });
  if (error) throw new Error(error.data?.message);
  expectTypeOf(data).toBeObject();
  expectTypeOf(error).toEqualTypeOf<undefined>();

  const deleted = await portkey.DELETE("/prompts/{promptId}", { params: { path } });
  if (deleted.error) throw new Error(deleted.error.data?.message);
  expectTypeOf(deleted.data).not.toBeUndefined();
  expectTypeOf(deleted.data).toBeObject();

  const withoutBody = await portkey.DELETE("/guardrails/{guardrailId}", { params: { path: { guardrailId: "g" } } });
  if (withoutBody.error) throw new Error("refused");
  expectTypeOf(withoutBody.data).toEqualTypeOf<undefined>();
}

type Refusal<Operation> = Operation extends { responses: infer Answers extends Record<string | number, unknown> }
  ? ErrorResponse<Answers>
  : "no operation";
type IsSure<Type> = [Type] extends [never] ? false : undefined extends Type ? false : true;
/** The paths that have an operation whose refusal is never there, or may be undefined. */
type Unsure = {
  [Path in keyof PortkeyPaths]: {
    [Method in keyof PortkeyPaths[Path]]-?: IsSure<Refusal<PortkeyPaths[Path][Method]>> extends true ? never : Path;
  }[keyof PortkeyPaths[Path]];
}[keyof PortkeyPaths];
expectTypeOf<Unsure>().toEqualTypeOf<never>();
