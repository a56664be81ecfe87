/** What a file that abuses a login begins with: a server before an issuer, and for each test a client and a browser. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from "vitest";
import { Browser } from "./browser.ts";
import { startFacade, type Facade } from "./facade.ts";
import { RawClient } from "./raw-client.ts";

/** Of the file that runs; set by its hooks. */
export let facade: Facade;
export let client: RawClient;
export let browser: Browser;

/** Registers the hooks of one file. */
export function useFacade(): void {
  beforeAll(async () => {
    facade = await startFacade();
  });
  afterAll(() => facade.close());
  beforeEach(async () => {
    client = new RawClient(facade.base);
    browser = new Browser();
    await client.register();
  });
  afterEach(() => {
    delete facade.provider.intercept;
    vi.useRealTimers();
  });
}

/** The tokens of a login. */
export async function tokens(of = client, on = browser): Promise<{ access: string; refresh: string }> {
  const { status, body } = await of.redeem(await of.code(on));
  expect(status).toBe(200);
  return { access: body["access_token"] ?? "", refresh: body["refresh_token"] ?? "" };
}
