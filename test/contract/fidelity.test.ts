/**
 * For every operation of the document: the request that reaches the API equals what the caller gave, nothing added,
 * nothing lost.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadValidators } from "../../generated/portkey/validators.ts";
import { createPortkey } from "../../src/portkey/create.ts";
import { json, startUpstream } from "../portkey/upstream.ts";
import { everyCall, recordOf, type ContractCall } from "./calls.ts";
import { documentName, places } from "./document.ts";

let upstream: Awaited<ReturnType<typeof startUpstream>>;
beforeAll(async () => {
  upstream = await startUpstream((reply) => json(reply, 200, {}));
});
afterAll(() => upstream.close());

async function received(call: ContractCall) {
  const base = upstream.origin;
  const portkey = createPortkey({
    bases: { control: base, gateway: base, public: base, registry: base },
    timeoutMs: 5000,
    maxRetries: 0,
    loadValidators,
  });
  const answer = await portkey.send(call.record, call.args, {
    // One key, so that none has to be chosen: that is tried elsewhere (test/portkey/keys).
    credentials: call.record.key === "workspace" ? { workspaceKey: "pk-w" } : { adminKey: "pk-a" },
    signal: AbortSignal.timeout(10_000),
  });
  const request = upstream.received.at(-1);
  if (!request) throw new Error("nothing was received");
  const url = new URL(request.url, base);
  return {
    request: {
      method: request.method,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      body: request.body ? (JSON.parse(request.body) as unknown) : undefined,
    },
    warnings: answer.warnings,
  };
}

/** A sample has one check with the parameters of others, which the rules for checks rightly say. */
function isAboutSchema(warning: string): boolean {
  return !/^checks\[\d+\]/.test(warning);
}

describe(`every operation of ${documentName}`, () => {
  test("has a tool", () => {
    expect(places.filter((place) => !recordOf(place)).map(({ at }) => at)).toEqual([]);
    expect(places.length).toBeGreaterThanOrEqual(158);
  });

  // A discovery by the server's own schemas would prove nothing: the arguments come from the document itself.
  for (const fullness of ["required", "full", "nulls"] as const) {
    describe(`with ${fullness} arguments`, () => {
      const calls = everyCall(fullness).filter(({ at, args }) => at !== "POST /logs" || Object.keys(args).length > 0);
      test.each(calls.map((call, index) => [`${index} ${call.record.name}`, call] as const))("%s", async (_, call) => {
        const { request, warnings } = await received(call);
        expect(request).toEqual(call.want);
        if (fullness !== "nulls") expect(warnings.filter(isAboutSchema)).toEqual([]);
      });
    });
  }
});
