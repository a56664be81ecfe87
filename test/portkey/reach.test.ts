import { createServer } from "node:http";
import { expect, test } from "vitest";
import { reachPortkey } from "../../src/portkey/transport/reach.ts";
import { listen } from "../listen.ts";

/** What comes of reaching for a Portkey that answers with `status`, and the headers it saw. */
async function reach(status: number) {
  const seen: unknown[] = [];
  const server = createServer((request, response) => {
    seen.push([request.method, request.headers["x-portkey-api-key"]]);
    response.writeHead(status, { location: "https://example.com" }).end();
  });
  const { origin } = await listen(server);
  try {
    const control = `${origin}/v1`;
    const outcome = await reachPortkey({ control }, AbortSignal.timeout(5000)).then(
      () => "reached",
      (error: { code: string }) => error.code,
    );
    return { outcome, seen };
  } finally {
    server.close();
  }
}

test.each([
  [200, "reached"],
  [302, "reached"],
  [401, "reached"],
  [404, "reached"],
  [500, "UNREACHABLE"],
  [503, "UNREACHABLE"],
])("an answer of %i: %s, and no key is sent", async (status, want) => {
  expect(await reach(status)).toEqual({ outcome: want, seen: [["HEAD", undefined]] });
});

test("a Portkey that does not answer cannot be reached", async () => {
  await expect(reachPortkey({ control: "http://127.0.0.1:1/v1" }, AbortSignal.timeout(5000))).rejects.toMatchObject({
    code: "UNREACHABLE",
    message: "Portkey cannot be reached at 127.0.0.1:1.",
  });
});
