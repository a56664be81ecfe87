/** How a body is called when it is sent. */
import { expect, test } from "vitest";
import { context, CREATE, portkeyAt } from "./records.ts";
import { json, startUpstream } from "./upstream.ts";

test.each([
  [undefined, "application/json"],
  ["application/merge-patch+json", "application/merge-patch+json"],
])("%s: %s", async (mediaType, sent) => {
  const upstream = await startUpstream((response) => json(response, 200, {}));
  const record = { ...CREATE, ...(mediaType !== undefined && { mediaType }) };
  const portkey = portkeyAt(upstream.origin, { records: [record] });
  await portkey.send(record, { name: "a" }, context());
  expect(upstream.received).toMatchObject([{ headers: { "content-type": sent }, body: '{"name":"a"}' }]);
  await upstream.close();
});
