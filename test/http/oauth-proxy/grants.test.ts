/** How long what a login gives lasts, and that each code and refresh token counts once. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createGrants, type Grants } from "../../../src/http/oauth-proxy/grants.ts";
import { createMemoryStore } from "../../../src/http/oauth-proxy/store.ts";
import { ANONYMOUS } from "../../../src/http/auth/principal.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const TERMS = { client: "c", redirect: "https://c.example/cb", challenge: "x" };

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"], now: 0 }));
afterEach(() => void vi.useRealTimers());

const at = (ms: number) => void vi.setSystemTime(ms);

/** A grant whose code was redeemed at once, and whose first tokens are out. */
async function redeemed(grants: Grants, upstream: string | null): Promise<string> {
  const code = await grants.begin({ client: "c", identity: ANONYMOUS, scopes: [], upstream }, TERMS);
  const { grant: id } = (await grants.redeem(code)) as { grant: string };
  const grant = await grants.find(id);
  await grants.update(id, grant as NonNullable<typeof grant>);
  return id;
}

describe("a grant", () => {
  it.each([
    ["the issuer can be asked about the person", "refresh", 30 * 24 * HOUR],
    ["the issuer cannot be asked", null, 12 * HOUR],
  ])("lasts where %s", async (_what, upstream, ms) => {
    const grants = createGrants(createMemoryStore());
    const id = await redeemed(grants, upstream);
    at(ms - 1);
    expect(await grants.isAlive(id)).toBe(true);
    at(ms);
    expect(await grants.isAlive(id)).toBe(false);
  });

  it("whose code nobody redeems ends after ten minutes", async () => {
    const grants = createGrants(createMemoryStore());
    const code = await grants.begin({ client: "c", identity: ANONYMOUS, scopes: [], upstream: "r" }, TERMS);
    const { grant: id } = (await grants.redeem(code)) as { grant: string };
    at(10 * MINUTE - 1);
    expect(await grants.isAlive(id)).toBe(true);
    at(10 * MINUTE);
    expect(await grants.isAlive(id)).toBe(false);
  });
});
