/** The pooled fetch, which replaces fetch for the Portkey client, over real sockets. */
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { ApiRequest } from "../../src/portkey/request/api-request.ts";
import { createPooledFetch } from "../../src/portkey/transport/pooled-fetch.ts";
import { startUpstream, type Respond, type Upstream } from "./upstream.ts";

let upstream: Upstream | undefined;
afterEach(() => upstream?.close());

async function at(respond: Respond): Promise<Upstream> {
  return (upstream = await startUpstream(respond));
}

const TEXT = `{"name":"${"ß€😀".repeat(20_000)}"}`;

test.each([
  ["gzip", gzipSync],
  ["x-gzip", gzipSync],
  ["deflate", deflateSync],
  ["br", brotliCompressSync],
] as const)("an answer compressed with %s is read as it was before", async (encoding, compress) => {
  const { origin, received } = await at((response) =>
    response.writeHead(200, { "content-encoding": encoding }).end(compress(TEXT)),
  );
  expect(await (await createPooledFetch()(new ApiRequest(origin, {}))).text()).toBe(TEXT);
  expect(received[0]?.headers["accept-encoding"]).toBe("gzip, deflate, br");
});

test("what claims to be compressed and is not, is an error", async () => {
  const { origin } = await at((response) => response.writeHead(200, { "content-encoding": "gzip" }).end("plain"));
  const answer = await createPooledFetch()(new ApiRequest(origin, {}));
  await expect(answer.text()).rejects.toMatchObject({ code: "Z_DATA_ERROR" });
});

test.each(["identity", "zstd", "constructor", "__proto__"])(
  "an encoding that nobody asked for, %s, leaves the bytes alone",
  async (encoding) => {
    const { origin } = await at((response) => response.writeHead(200, { "content-encoding": encoding }).end("{}"));
    expect(await (await createPooledFetch()(new ApiRequest(origin, {}))).text()).toBe("{}");
  },
);

test("characters that are split between packets come out whole", async () => {
  const { origin } = await at((response) => {
    response.writeHead(200);
    const bytes = Buffer.from("a€b");
    response.write(bytes.subarray(0, 2));
    setTimeout(() => response.end(bytes.subarray(2)), 20);
  });
  expect(await (await createPooledFetch()(new ApiRequest(origin, {}))).text()).toBe("a€b");
});

test("method, headers and body go out as given, with the body's length in bytes", async () => {
  const { origin, received } = await at((response) => response.writeHead(204).end());
  const answer = await createPooledFetch()(
    new ApiRequest(`${origin}/a%2Fb?c=d&c=e`, { method: "PUT", body: TEXT, headers: { "x-portkey-api-key": "k" } }),
  );
  expect([answer.status, answer.ok, await answer.text()]).toEqual([204, true, ""]);
  expect(received[0]).toMatchObject({
    method: "PUT",
    url: "/a%2Fb?c=d&c=e",
    body: TEXT,
    headers: { "x-portkey-api-key": "k", "content-length": String(Buffer.byteLength(TEXT)) },
  });
});

test("a header that comes several times has all its values", async () => {
  const { origin } = await at((response) => response.writeHead(200, { "x-two": ["1", "2"] }).end());
  const { headers } = await createPooledFetch()(new ApiRequest(origin, {}));
  expect([headers.get("X-Two"), headers.get("x-three")]).toEqual(["1, 2", null]);
});

test("calls one after another share connections", async () => {
  const ports = new Set<number | undefined>();
  const { origin } = await at((response) => {
    ports.add(response.socket?.remotePort);
    response.end("{}");
  });
  const send = createPooledFetch();
  for (let call = 0; call < 20; call++) await (await send(new ApiRequest(origin, {}))).text();
  // A connection may not be free again in the moment its answer is read.
  expect(ports.size).toBeLessThanOrEqual(2);
});

test("what was cancelled before is not sent", async () => {
  const { origin, received } = await at((response) => response.end());
  await expect(createPooledFetch()(new ApiRequest(origin, { signal: AbortSignal.abort() }))).rejects.toThrow("aborted");
  expect(received).toEqual([]);
});

test("a body that breaks off is an error, whether it was being read by then or not", async () => {
  const { origin } = await at((response) => {
    response.writeHead(200, { "content-length": "100" }).write("half");
    setTimeout(() => response.destroy(), 20);
  });
  const send = createPooledFetch();
  await expect((await send(new ApiRequest(origin, {}))).text()).rejects.toMatchObject({ code: "UND_ERR_SOCKET" });
  const late = await send(new ApiRequest(origin, {}));
  await delay(100);
  await expect(late.text()).rejects.toMatchObject({ code: "UND_ERR_SOCKET" });
});

test.each([
  ["waits for its answer", "/head"],
  ["comes in", "/body"],
])("what is cancelled while it %s ends at once", async (_when, path) => {
  const { origin } = await at((response, request) => {
    if (request.url === "/head") return;
    response.writeHead(200, { "content-length": "100" }).write("half");
  });
  const send = createPooledFetch();
  const controller = new AbortController();
  const answer = send(new ApiRequest(`${origin}${path}`, { signal: controller.signal })).then((head) => head.text());
  setTimeout(() => controller.abort(new Error("enough")), 50);
  await expect(answer).rejects.toThrow("enough");
});

test("what is cancelled while it connects ends at once", async () => {
  const send = createPooledFetch();
  // Nobody answers there, so that it never gets a connection.
  const controller = new AbortController();
  const answer = send(new ApiRequest("http://192.0.2.1:81/", { signal: controller.signal }));
  setTimeout(() => controller.abort(new Error("enough")), 50);
  await expect(answer).rejects.toThrow(/enough|ENETUNREACH|EHOSTUNREACH|ECONNREFUSED/);
});

test("an answer that is wanted as a stream is one, or text", async () => {
  const { origin } = await at((response) =>
    response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(TEXT)),
  );
  const send = createPooledFetch();
  const read = async () => send(new ApiRequest(origin, { unread: true }));
  expect(await new Response((await read()).body).text()).toBe(TEXT);
  expect(await (await read()).text()).toBe(TEXT);
});
