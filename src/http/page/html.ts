/** The page's HTML from its parts; every value is escaped. */
import type { Readiness } from "../status/readiness.ts";
import type { ClientGuide, Snippet } from "./clients.ts";
import { escapeHtml, htmlDocument } from "./document.ts";

export interface PageContent {
  readonly title: string;
  /** Absent where it is not shown to everybody. */
  readonly version?: string;
  readonly url: string;
  /** How callers authenticate, in a sentence. */
  readonly access: string;
  readonly state: Readiness;
  readonly clients: readonly ClientGuide[];
  /** The addresses of the page's files. */
  readonly style: string;
  readonly script: string;
  readonly icon: string;
}

/** The texts for the states of /ready. The script reads them from the page. */
const WORDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  status: {
    ready: "Ready",
    degraded: "Ready, but interrupted streams cannot be resumed",
    unready: "Not ready",
    draining: "Shutting down",
  },
  redis: { ok: "Connected", off: "Not used", away: "Away; it is being tried again" },
  portkey: { ok: "Reachable", away: "Not reachable", unchecked: "Not checked", off: "Not checked" },
};
const ROWS: readonly (readonly [key: keyof Readiness, label: string])[] = [
  ["status", "Server"],
  ["redis", "Redis"],
  ["portkey", "Portkey"],
];

export function renderPage(page: PageContent): string {
  return htmlDocument({ title: page.title, head: headOf(page), body: bodyOf(page) });
}

function headOf({ icon, style, script }: PageContent): string {
  return `<link rel="icon" type="image/svg+xml" href="${escapeHtml(icon)}">
<link rel="stylesheet" href="${escapeHtml(style)}">
<script src="${escapeHtml(script)}" defer></script>`;
}

function bodyOf(page: PageContent): string {
  const version = page.version === undefined ? "" : `, version ${escapeHtml(page.version)}`;
  return `<a class="skip" href="#connect">Skip to how to connect</a>
<header>
<h1>${escapeHtml(page.title)}</h1>
<p>An MCP server for Portkey's Admin API${version}.</p>
</header>
<main>
<section aria-labelledby="state">
<h2 id="state">State</h2>
<dl data-states="${escapeHtml(JSON.stringify(WORDS))}">
${ROWS.map(([key, label]) => row(key, label, page.state[key])).join("\n")}
</dl>
<p class="quiet">Also: <a href="health">/health</a>, <a href="ready">/ready</a>, <a href="auth/info">/auth/info</a>,
<a href="metrics">/metrics</a></p>
</section>
<section aria-labelledby="connect">
<h2 id="connect" tabindex="-1">Connect a client</h2>
<p>${escapeHtml(page.access)}</p>
${snippet({ where: "Address", text: page.url }, "Address")}
${page.clients.map((client, at) => guide(client, at === 0)).join("\n")}
</section>
</main>
<p id="said" role="status" aria-live="polite"></p>`;
}

function row(key: keyof Readiness, label: string, state: string): string {
  return (
    `<div><dt>${escapeHtml(label)}</dt><dd data-key="${key}" ` +
    `data-state="${escapeHtml(state)}">${escapeHtml(WORDS[key]?.[state] ?? state)}</dd></div>`
  );
}

function guide(client: ClientGuide, open: boolean): string {
  const link =
    client.link === undefined
      ? ""
      : `<p><a class="button" href="${escapeHtml(client.link.href)}">${escapeHtml(client.link.label)}</a></p>`;
  const note = client.note === undefined ? "" : `<p>${escapeHtml(client.note)}</p>`;
  return `<details name="client" id="${escapeHtml(client.id)}"${open ? " open" : ""}>
<summary><h3>${escapeHtml(client.name)}</h3></summary>
${link}${client.snippets.map((part) => snippet(part, `${client.name}, ${part.where}`)).join("")}${note}
</details>`;
}

/** Without a copy button, which the script adds. */
function snippet({ where, text }: Snippet, label: string): string {
  return `<figure data-copy="${escapeHtml(label)}"><figcaption>${escapeHtml(where)}</figcaption><pre><code>${escapeHtml(text)}</code></pre></figure>`;
}
