/**
 * For every operation of each edition's document: the request that reaches the API equals what the caller gave, nothing
 * added, nothing lost.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { editionData, loadEdition, validatorLoaders, type EditionName } from "../../src/catalog/editions.ts";
import { createCheck } from "../../src/portkey/request/check.ts";
import { createPortkey } from "../../src/portkey/create.ts";
import type { Credentials } from "../../src/portkey/port.ts";
import { json, startUpstream } from "../portkey/upstream.ts";
import { sampleEveryCall, findRecord, type ContractCall } from "./calls.ts";
import { openDocument } from "./document.ts";

interface Contract {
  readonly edition: EditionName;
  readonly bases: (origin: string) => Readonly<Record<string, string>>;
  readonly credentialsFor: (call: ContractCall) => Credentials;
  /** At least so many. */
  readonly operations: number;
}

const CONTRACTS: readonly Contract[] = [
  {
    edition: "portkey",
    bases: (origin) => ({ public: origin, registry: origin, control: origin, gateway: origin }),
    // One key, so that none has to be chosen: that is tried elsewhere (test/portkey/keys).
    credentialsFor: ({ record }) => (record.key === "workspace" ? { workspaceKey: "pk-w" } : { adminKey: "pk-a" }),
    operations: 158,
  },
  {
    edition: "airs",
    bases: (origin) => ({
      control: `${origin}/ai_gw/v2`,
      admin: `${origin}/ai_gw/admin/v2`,
      tenant: `${origin}/ai_gw`,
      gateway: `${origin}/v1`,
    }),
    credentialsFor: () => ({ account: { clientId: "id", clientSecret: "secret", tenant: "1000000001" } }),
    operations: 117,
  },
];

let upstream: Awaited<ReturnType<typeof startUpstream>>;
beforeAll(async () => {
  // The token service answers at the same address.
  upstream = await startUpstream((reply) => json(reply, 200, { access_token: "a-token", expires_in: 900 }));
});
afterAll(() => upstream.close());

/** A sample has one check with the parameters of others, which the rules for checks rightly say. */
function isAboutSchema(warning: string): boolean {
  return !/^checks\[\d+\]/.test(warning);
}

describe.each(await Promise.all(CONTRACTS.map(open)))("every operation of $name", (opened) => {
  const { contract, places, records, document } = opened;

  async function received(call: ContractCall) {
    const { origin } = upstream;
    const loadValidators = validatorLoaders(contract.edition, records);
    const portkey = createPortkey({
      bases: contract.bases(origin) as Parameters<typeof createPortkey>[0]["bases"],
      tokenUrl: `${origin}/oauth2/access_token`,
      timeoutMs: 5000,
      maxRetries: 0,
      check: createCheck(loadValidators, { data: editionData(contract.edition) }),
    });
    const answer = await portkey.send(call.record, call.args, {
      credentials: contract.credentialsFor(call),
      signal: AbortSignal.timeout(10_000),
    });
    const request = upstream.received.at(-1);
    if (!request) throw new Error("nothing was received");
    const url = new URL(request.url, origin);
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

  test("has a tool", () => {
    expect(places.filter((place) => !findRecord(records, place)).map(({ at }) => at)).toEqual([]);
    expect(places.length).toBeGreaterThanOrEqual(contract.operations);
  });

  // A discovery by the server's own schemas would prove nothing: the arguments come from the document itself.
  describe.each(["required", "full", "nulls"] as const)("with %s arguments", (fullness) => {
    const all = sampleEveryCall(records, document, fullness);
    const calls = all.filter(({ at, args }) => at !== "POST /logs" || Object.keys(args).length > 0);
    test.each(calls.map((call, index) => [`${index} ${call.record.name}`, call] as const))("%s", async (_, call) => {
      const { request, warnings } = await received(call);
      expect(request).toEqual(call.want);
      if (fullness !== "nulls") expect(warnings.filter(isAboutSchema)).toEqual([]);
    });
  });
});

async function open(contract: Contract) {
  const document = openDocument(contract.edition);
  const { records } = await loadEdition(contract.edition);
  return { contract, document, name: document.name, places: document.places, records };
}
