/** The question in a real browser: seen in both colour schemes, answered by the keyboard alone, without scripts. */
import { createServer, type Server } from "node:http";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CHROMIUM, launchChromium } from "../chromium.ts";
import { tooFaint } from "../contrast.ts";
import { startFacade, type Facade } from "./facade.ts";
import { RawClient } from "./raw-client.ts";
import { listen } from "../../listen.ts";

describe.skipIf(CHROMIUM === undefined)("the question", () => {
  let facade: Facade;
  let chromium: Browser;
  let client: RawClient;
  /** Where the client waits: what came back. */
  let waiting: Server;
  let redirect: string;
  const cameBack: string[] = [];

  beforeAll(async () => {
    facade = await startFacade();
    chromium = await launchChromium();
    waiting = createServer((request, response) => {
      cameBack.push(request.url ?? "");
      response.writeHead(200, { "content-type": "text/html" }).end("<title>back</title>");
    });
    const { origin } = await listen(waiting);
    redirect = `${origin}/callback`;
  });
  afterAll(async () => {
    await chromium.close();
    await facade.close();
    waiting.closeAllConnections();
    waiting.close();
  });
  beforeEach(async () => {
    client = new RawClient(facade.base);
    await client.register({ client_name: "Claude Code", redirect_uris: [redirect] });
    cameBack.length = 0;
  });

  async function open(options: BrowserContextOptions = {}): Promise<{ page: Page; close: () => Promise<void> }> {
    const context = await chromium.newContext({ javaScriptEnabled: false, ...options });
    const page = await context.newPage();
    await page.goto(client.address({ redirect_uri: redirect }).href);
    return { page, close: () => context.close() };
  }

  const looks = (["light", "dark"] as const).flatMap((scheme) => [320, 1000].map((width) => ({ scheme, width })));
  it.each(looks)("can be read in $scheme, on a screen of $width pixels", async ({ scheme: colorScheme, width }) => {
    const { page, close } = await open({ colorScheme, viewport: { width, height: 800 }, javaScriptEnabled: true });
    const picture = await page.screenshot({ fullPage: true, ...pictureAt(`question-${colorScheme}-${width}.png`) });
    expect(picture.length).toBeGreaterThan(5_000);
    expect(await page.title()).toBe("Let this client use Portkey as you?");
    expect(await tooFaint(page, ["h1", "p", "dt", "dd", "button", "button.plain", "p.quiet"])).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    await close();
  });

  it("has a heading, names for what it asks, and no script", async () => {
    const { page, close } = await open();
    expect(await page.getByRole("heading", { level: 1 }).count()).toBe(1);
    expect(await page.getByRole("button").allTextContents()).toEqual(["Allow", "Deny"]);
    const said = await page.locator("dl").innerText();
    expect(said).toContain("Claude Code");
    expect(said).toContain("nobody has checked who it is");
    expect(said).toContain(`a program on this computer (${new URL(redirect).host})`);
    expect(await page.locator("script").count()).toBe(0);
    await close();
  });

  it("leads to a code by the keyboard alone, through the issuer's own pages", async () => {
    const { page, close } = await open();
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Allow");
    await page.keyboard.press("Enter");
    await page.waitForURL(`${facade.provider.issuer}/**`);
    await page.locator("input[name=login]").fill("alice");
    await page.locator("input[name=password]").fill("any");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Continue" }).press("Enter");
    await page.waitForURL(`${redirect}**`);
    const code = new URL(page.url()).searchParams.get("code") ?? "";
    const { status, body } = await client.redeem(code, { redirect_uri: redirect });
    expect(status).toBe(200);
    expect(await client.call(body["access_token"] ?? "")).toBe(200);
    await close();
  });

  it("brings the client a no by the keyboard alone", async () => {
    const { page, close } = await open();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Deny");
    await page.keyboard.press("Space");
    await page.waitForURL(`${redirect}**`);
    expect(new URL(page.url()).searchParams.get("error")).toBe("access_denied");
    await close();
  });

  it("cannot be answered by another site's form, nor shown in its frame", async () => {
    const { page, close } = await open({ javaScriptEnabled: true });
    const ticket = await page.locator("input[name=ticket]").inputValue();
    const cookies = await page.context().cookies();
    expect(cookies.find(({ name }) => name === "mcp-login")).toMatchObject({ httpOnly: true, sameSite: "Lax" });
    const evil = createServer((_request, response) => {
      response
        .writeHead(200, { "content-type": "text/html" })
        .end(
          `<form method="post" action="${facade.base}/oauth/consent"><input name="ticket" value="${ticket}">` +
            `<input name="decision" value="allow"><button>x</button></form>` +
            `<iframe src="${client.address({ redirect_uri: redirect }).href}"></iframe>`,
        );
    });
    await page.goto(`${(await listen(evil, "127.0.0.2")).origin}/`);
    const framed = await page
      .frames()[1]
      ?.locator("input[name=ticket]")
      .count()
      .catch(() => 0);
    expect(framed ?? 0).toBe(0);
    const answer = page.waitForResponse((response) => response.url().endsWith("/oauth/consent"));
    await page.locator("button").click();
    expect((await answer).status()).toBe(403);
    await close();
    evil.closeAllConnections();
    evil.close();
  });
});

/** PICTURES names a folder where the pictures are kept, for people. */
function pictureAt(name: string): { path?: string } {
  const folder = process.env["PICTURES"];
  return folder === undefined ? {} : { path: `${folder}/${name}` };
}
