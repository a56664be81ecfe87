import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clientGuides } from "../../src/http/page/clients.ts";
import { renderPage } from "../../src/http/page/html.ts";
import { fakeRegistry } from "../mcp-adapters/fake-registry.ts";
import { CHROMIUM, launchChromium } from "./chromium.ts";
import { tooFaint } from "./contrast.ts";
import { startApp, type Started } from "./start-app.ts";

const URL_ = "https://mcp.example.com/mcp";
const OPEN = { url: URL_, headers: {}, login: false };
const TOKEN = { url: URL_, headers: { Authorization: "Bearer <token>" }, login: false };

describe("a client's guide", () => {
  const guide = (id: string, access = OPEN) => clientGuides(access).find((client) => client.id === id);

  it("is there for each client", () => {
    expect(clientGuides(OPEN).map(({ name }) => name)).toEqual([
      "Claude Code",
      "Cursor",
      "VS Code",
      "Windsurf",
      "Codex",
      "Gemini CLI",
      "Any other client",
    ]);
  });

  const cases: readonly (readonly [id: string, access: typeof OPEN, texts: string[]])[] = [
    ["claude-code", OPEN, [`claude mcp add --transport http portkey ${URL_}`]],
    [
      "claude-code",
      TOKEN,
      [`claude mcp add --transport http portkey ${URL_} --header "Authorization: Bearer <token>"`],
    ],
    ["cursor", OPEN, [JSON.stringify({ mcpServers: { portkey: { url: URL_ } } }, null, 2)]],
    [
      "vs-code",
      TOKEN,
      [JSON.stringify({ servers: { portkey: { type: "http", url: URL_, headers: TOKEN.headers } } }, null, 2)],
    ],
    ["windsurf", OPEN, [JSON.stringify({ mcpServers: { portkey: { serverUrl: URL_ } } }, null, 2)]],
    ["codex", OPEN, [`[mcp_servers.portkey]\nurl = "${URL_}"`]],
    ["codex", TOKEN, [`[mcp_servers.portkey]\nurl = "${URL_}"\nhttp_headers = { "Authorization" = "Bearer <token>" }`]],
    [
      "gemini-cli",
      OPEN,
      [
        `gemini mcp add --transport http portkey ${URL_}`,
        JSON.stringify({ mcpServers: { portkey: { httpUrl: URL_ } } }, null, 2),
      ],
    ],
    [
      "other",
      TOKEN,
      [
        JSON.stringify(
          {
            mcpServers: {
              portkey: { command: "npx", args: ["-y", "mcp-remote", URL_, "--header", "Authorization:Bearer <token>"] },
            },
          },
          null,
          2,
        ),
      ],
    ],
  ];
  it.each(cases)("%s %j", (id, access, texts) => {
    expect(guide(id, access)?.snippets.map(({ text }) => text)).toEqual(texts);
  });

  it("has links that open Cursor and VS Code with the same configuration", () => {
    const cursor = new URL(guide("cursor", TOKEN)?.link?.href ?? "");
    expect([cursor.protocol, cursor.host + cursor.pathname, cursor.searchParams.get("name")]).toEqual([
      "cursor:",
      "anysphere.cursor-deeplink/mcp/install",
      "portkey",
    ]);
    expect(JSON.parse(Buffer.from(cursor.searchParams.get("config") ?? "", "base64").toString())).toEqual({
      url: URL_,
      headers: TOKEN.headers,
    });
    const code = guide("vs-code", TOKEN)?.link?.href ?? "";
    expect(code).toMatch(/^vscode:mcp\/install\?/);
    expect(JSON.parse(decodeURIComponent(code.split("?")[1] ?? ""))).toEqual({
      name: "portkey",
      type: "http",
      url: URL_,
      headers: TOKEN.headers,
    });
  });

  it("says how to log in where the client does it", () => {
    expect([
      guide("claude-code", { ...OPEN, login: true })?.note,
      guide("codex", { ...OPEN, login: true })?.note,
    ]).toEqual(["Then type /mcp in Claude Code and log in.", "Then run: codex mcp login portkey"]);
  });
});

describe("the page without JavaScript", () => {
  const state = { status: "degraded", redis: "away", portkey: "unchecked" } as const;
  const page = {
    title: "T",
    url: URL_,
    access: "A.",
    state,
    clients: clientGuides(TOKEN),
    style: "s",
    script: "j",
    icon: "i",
  };

  it("says every state in words and holds every snippet", () => {
    const html = renderPage(page);
    const texts = [
      "Ready, but interrupted streams cannot be resumed",
      "Away; it is being tried again",
      "Not checked",
      "serverUrl",
      "http_headers",
      URL_,
    ];
    expect(texts.filter((text) => !html.includes(text))).toEqual([]);
  });

  it("escapes what it is given", () => {
    const html = renderPage({ ...page, title: `<script>alert("x")</script>`, url: `"><img src=x onerror='1'>` });
    expect(html).not.toMatch(/<script>alert|<img/);
  });

  it("has no script, style or handler in it", () => {
    expect(renderPage(page)).not.toMatch(/<style|style="|\son[a-z]+=|<script(?! src)|javascript:/);
  });
});

describe("the page as served", () => {
  const titled = { ...fakeRegistry(), serverInfo: { name: "fake", version: "9.9.9", title: "Portkey <Admin>" } };
  const get = async (changes: Parameters<typeof startApp>[0], headers: Record<string, string> = {}) => {
    const server = await startApp(changes, { served: titled });
    try {
      const response = await fetch(server.url, { headers });
      return { response, html: await response.text(), url: server.url };
    } finally {
      await server.stop();
    }
  };

  it("cannot be framed, sniffed, cached or made to run anything else", async () => {
    const { response } = await get({});
    expect(response.headers.get("content-security-policy")).toBe(
      "default-src 'none';script-src 'self';style-src 'self';img-src 'self';connect-src 'self';base-uri " +
        "'none';form-action 'none';frame-ancestors 'none'",
    );
    expect([
      response.headers.get("x-content-type-options"),
      response.headers.get("cache-control"),
      response.headers.get("referrer-policy"),
    ]).toEqual(["nosniff", "no-store", "no-referrer"]);
  });

  it("shows the version only where nobody has to log in", async () => {
    expect((await get({})).html).toContain("version 9.9.9");
    const { html } = await get({ auth: { mode: "bearer", tokens: [{ name: "a", token: "very-secret" }] } });
    expect([html.includes("9.9.9"), html.includes("very-secret"), html.includes("Bearer &#60;token&#62;")]).toEqual([
      false,
      false,
      true,
    ]);
  });

  it("gives the public address where one is set, else the one that was asked for", async () => {
    expect((await get({ publicBaseUrl: "https://mcp.example.com/portkey" })).html).toContain(
      "https://mcp.example.com/portkey/mcp",
    );
    const { html, url } = await get({});
    expect(html).toContain(`${url}/mcp`);
  });

  it("asks for the caller's own key where that is what calls use", async () => {
    const { html } = await get({ credentials: "caller" });
    expect(html).toContain("x-portkey-api-key");
    expect(html).toContain("Calls use your own Portkey key.");
  });
});

describe.skipIf(CHROMIUM === undefined)("the page in a browser", () => {
  let server: Started;
  let browser: Browser;
  beforeAll(async () => {
    server = await startApp();
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  async function opened(options: Parameters<Browser["newPage"]>[0] = {}) {
    const context = await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"], ...options });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(server.url);
    return { page, complaints };
  }

  it("loads under its policy without a complaint", async () => {
    const { page, complaints } = await opened();
    await page.getByRole("button", { name: "Copy: Address" }).waitFor();
    expect(complaints).toEqual([]);
  });

  it("copies what a person sees, and says so", async () => {
    const { page } = await opened();
    await page.getByRole("button", { name: "Copy: Claude Code, Terminal" }).click();
    await page.getByText("Claude Code, Terminal copied").waitFor({ state: "attached" });
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe(
      `claude mcp add --transport http portkey ${server.url}/mcp`,
    );
  });

  it("opens one client at a time, by keyboard alone", async () => {
    const { page } = await opened();
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.className")).toBe("skip");
    await page.locator("#cursor summary").focus();
    await page.keyboard.press("Enter");
    expect(await page.locator("details[open]").evaluateAll((all) => all.map(({ id }) => id))).toEqual(["cursor"]);
    expect(await page.getByRole("link", { name: "Add to Cursor" }).isVisible()).toBe(true);
  });

  it("without JavaScript has the same words and no dead buttons", async () => {
    const { page } = await opened({ javaScriptEnabled: false });
    expect([
      await page.getByRole("button").count(),
      await page.getByText("Ready", { exact: true }).isVisible(),
    ]).toEqual([0, true]);
    await page.locator("#windsurf summary").click();
    expect(await page.getByText("serverUrl").isVisible()).toBe(true);
  });

  it("tells assistive technology what it is", async () => {
    const { page } = await opened();
    const tree = await page.locator("body").ariaSnapshot();
    const parts = [
      "banner:",
      'heading "Fake" [level=1]',
      'region "State"',
      'region "Connect a client"',
      'heading "Cursor" [level=3]',
      "status",
    ];
    expect(parts.filter((part) => !tree.includes(part))).toEqual([]);
  });

  it.each(["light", "dark"] as const)(
    "can be read in the %s scheme, and on a phone without scrolling sideways",
    async (colorScheme) => {
      const { page } = await opened({ colorScheme, viewport: { width: 360, height: 740 } });
      expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
      const texts = ["h1", "header p", "dt", "dd", "summary", "figcaption", "pre", "a[href=health]", "figure button"];
      expect(await tooFaint(page, texts)).toEqual([]);
    },
  );

  it("notices when the server is gone", async () => {
    const { page } = await opened();
    await page.route("**/ready", (route) => route.abort());
    await page.evaluate("refresh()");
    await page.getByText("Does not answer", { exact: true }).waitFor();
  });
});
