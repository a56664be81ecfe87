/** How often one address may log in and register clients, by limits of their own. */
import { afterEach, describe, expect, it } from "vitest";
import { rateLimit } from "../http-config.ts";
import { startFacade, type Facade } from "./facade.ts";

const open: Facade[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((facade) => facade.close()));
});

type Rates = Parameters<typeof rateLimit>[0];

async function facade(rates: Rates): Promise<(path: string, init?: RequestInit) => Promise<number>> {
  const limits = rateLimit({ max: 1_000, ...rates });
  const started = await startFacade({ config: { rateLimit: limits, trustProxy: ["loopback"] } });
  open.push(started);
  return async (path, init) => (await fetch(`${started.base}${path}`, { redirect: "manual", ...init })).status;
}
const registration = (address: string): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json", "x-forwarded-for": address },
  body: JSON.stringify({ redirect_uris: ["http://127.0.0.1:1/callback"] }),
});
const token: RequestInit = { method: "POST", body: new URLSearchParams({ grant_type: "authorization_code" }) };

describe("one address", () => {
  it("registers so many clients, and another one goes on", async () => {
    const ask = await facade({ registerMax: 2 });
    const statuses = [];
    for (const address of ["203.0.113.1", "203.0.113.1", "203.0.113.1", "203.0.113.2"])
      statuses.push(await ask("/oauth/register", registration(address)));
    expect(statuses).toEqual([201, 201, 429, 201]);
    expect(await ask("/oauth/token", token)).toBe(400);
  });

  it("asks for so much of logins, whichever of their addresses it takes", async () => {
    const ask = await facade({ loginMax: 4 });
    expect(await ask("/oauth/authorize")).toBe(400);
    expect(await ask("/oauth/token", token)).toBe(400);
    expect(await ask("/oauth/revoke", token)).not.toBe(429);
    expect(await ask("/oauth/callback?state=x&code=y")).toBe(400);
    expect(await ask("/oauth/token", token)).toBe(429);
    expect(await ask("/health")).toBe(200);
    expect(await ask("/.well-known/oauth-authorization-server")).toBe(200);
  });

  it("has limits for logins without any setting", async () => {
    const ask = await facade({});
    const statuses = new Set<number>();
    for (let tries = 0; tries < 61; tries += 1) statuses.add(await ask("/oauth/token", token));
    expect([...statuses]).toEqual([400, 429]);
  });
});
