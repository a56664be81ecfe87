import { expect, expectTypeOf, test } from "vitest";
import { createPortkeyClient, type components } from "../../src/client.ts";
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
