import { expect, test } from "vitest";
import { context, CREATE, portkeyAt } from "./records.ts";
import { json, startUpstream } from "./upstream.ts";

test("an answer is handed over while it still comes in, past the timeout of an attempt", async () => {
  const upstream = await startUpstream((response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write("data: 1\n\n");
    setTimeout(() => response.end("data: [DONE]\n\n"), 1_800);
  });
  const response = await portkeyAt(upstream.origin, { timeoutMs: 1_200 }).open(CREATE, { name: "x" }, context());
  expect(await response.text()).toBe("data: 1\n\ndata: [DONE]\n\n");
  expect(upstream.received[0]?.body).toBe('{"name":"x"}');
  await upstream.close();
});

test("cancelling ends a body that is being read", async () => {
  const upstream = await startUpstream((response) => response.writeHead(200).write("data: 1\n\n"));
  const controller = new AbortController();
  const response = await portkeyAt(upstream.origin).open(CREATE, { name: "x" }, context({ signal: controller.signal }));
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  await reader.read();
  controller.abort();
  await expect(reader.read()).rejects.toThrow();
  await upstream.close();
});

test("a refusal is an error as for any call", async () => {
  const upstream = await startUpstream((response) =>
    json(response, 403, { success: false, data: { message: "no", errorCode: "AB03" } }),
  );
  await expect(portkeyAt(upstream.origin).open(CREATE, { name: "x" }, context())).rejects.toMatchObject({
    code: "PORTKEY",
  });
  await upstream.close();
});
