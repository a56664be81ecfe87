/** The pages of a login: the consent page, and what went wrong. They need no script. */
import { escapeHtml, htmlDocument } from "../page/document.ts";
import { STYLE_ADDRESS } from "../page/style.ts";
import type { ProxyClient } from "./client.ts";
import { destinationOf } from "./redirect-addresses.ts";

/** Forms may only be sent to this server, nothing from elsewhere is loaded, and no page may frame the consent page. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": [
    "default-src 'none'",
    "style-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join(";"),
  "x-frame-options": "DENY",
  "cache-control": "no-store",
  // With no-referrer, browsers would send the form with the Origin null, which is refused.
  "referrer-policy": "same-origin",
};

export interface Consent {
  readonly client: ProxyClient;
  readonly redirect: string;
  readonly scopes: readonly string[];
  readonly ticket: string;
  /** The host at which the person will log in. */
  readonly issuer: string;
}

/** Asks the person whether the client may act as them. */
export function consentPage({ client, redirect, scopes, ticket, issuer }: Consent): string {
  const origin =
    client.host === null ? "It registered itself; nobody has checked who it is" : `It is described at ${client.host}`;
  const rows: readonly (readonly [label: string, text: string])[] = [
    ["Calls itself", client.name],
    ["Known by", origin],
    ["You go back to", destinationOf(redirect)],
    ["May", describeScopes(scopes)],
    ["You log in at", issuer],
  ];
  return page(
    "Let this client use Portkey as you?",
    `<p>A program asks to use this server's tools in your name.</p>
<dl class="wide">
${rows.map(([label, text]) => `<div><dt>${label}</dt><dd>${escapeHtml(text)}</dd></div>`).join("\n")}
</dl>
<form method="post" action="consent">
<input type="hidden" name="ticket" value="${escapeHtml(ticket)}">
<p class="choices"><button name="decision" value="allow">Allow</button>
<button class="plain" name="decision" value="deny">Deny</button></p>
</form>
<p class="quiet">If you have not just connected a program to this server, choose Deny.</p>`,
  );
}

/**
 * Leads to `address` at once, or by its link. Not a redirect: `form-action` also applies to redirects after a form, and
 * browsers would block it.
 */
export function continuePage(title: string, address: string, label: string): string {
  const refresh = `<meta http-equiv="refresh" content="0; url=${escapeHtml(address)}">`;
  return page(title, `<p><a class="button" href="${escapeHtml(address)}">${escapeHtml(label)}</a></p>`, refresh);
}

/** Explains a fault. `back` is a link by which the person can return to the client. */
export function faultPage(text: string, back?: { readonly address: string; readonly label: string }): string {
  const link =
    back === undefined ? "" : `\n<p><a href="${escapeHtml(back.address)}">Back to ${escapeHtml(back.label)}</a></p>`;
  return page("This login cannot go on", `<p>${escapeHtml(text)}</p>${link}`);
}

/** What the scopes allow, in words: most people do not know scopes. */
function describeScopes(scopes: readonly string[]): string {
  const texts = scopes.map((scope) => {
    const [, ...parts] = scope.split(":");
    const verb = parts.at(-1) === "write" ? "read and change" : "read";
    return parts.length === 1 ? `${verb} everything that you may` : `${verb} ${parts[0]}`;
  });
  const general = texts.find((text) => text === "read and change everything that you may");
  return general ?? [...new Set(texts)].join(", ");
}

function page(title: string, content: string, head = ""): string {
  return htmlDocument({
    title,
    head: `<link rel="stylesheet" href="../${escapeHtml(STYLE_ADDRESS)}">${head}`,
    body: `<main>\n<h1>${escapeHtml(title)}</h1>\n${content}\n</main>`,
  });
}
