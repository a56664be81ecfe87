import { createHash } from "node:crypto";

/** The page's style: system fonts, both colour schemes, nothing loaded. Contrast is 4.5:1 or better in both. */
export const STYLE = `:root {
  color-scheme: light dark;
  --ground: #fbfbfd; --card: #fff; --text: #1c1d22; --quiet: #5a5e6b; --line: #dcdee6;
  --accent: #2a4fd0; --on-accent: #fff;
  --good: #17693a; --warn: #8a5200; --bad: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14151a; --card: #1d1f26; --text: #eceef4; --quiet: #a6abba; --line: #363a46;
    --accent: #9db4ff; --on-accent: #10142a;
    --good: #7fd8a1; --warn: #f1bd6c; --bad: #ff9d94;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 48rem; padding: 1.5rem 1rem 4rem; background: var(--ground); color: var(--text);
  font: 1rem/1.55 system-ui, sans-serif;
}
h1 { margin: 0; font-size: 1.75rem; line-height: 1.2; }
h2 { margin: 2.25rem 0 .75rem; font-size: 1.2rem; }
h3 { display: inline; font-size: 1rem; }
header p, .quiet { color: var(--quiet); }
header p { margin: .25rem 0 0; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
h2:focus { outline: none; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: .5rem; padding: .25rem .5rem; background: var(--card); }
dl { margin: 0; border: 1px solid var(--line); border-radius: 8px; background: var(--card); }
dl > div { display: flex; gap: 1rem; padding: .6rem 1rem; }
dl > div + div { border-top: 1px solid var(--line); }
dt { flex: none; width: 6rem; color: var(--quiet); }
dd { margin: 0; padding-left: 1.1em; text-indent: -1.1em; font-weight: 600; }
dd::before {
  content: ""; display: inline-block; width: .6em; height: .6em; margin-right: .5em; border-radius: 50%;
  background: var(--quiet);
}
dd[data-state="ready"], dd[data-state="ok"] { color: var(--good); }
dd[data-state="degraded"], dd[data-state="draining"] { color: var(--warn); }
dd[data-state="unready"], dd[data-state="away"] { color: var(--bad); }
dd[data-state="ready"]::before, dd[data-state="ok"]::before { background: var(--good); }
dd[data-state="degraded"]::before, dd[data-state="draining"]::before { background: var(--warn); border-radius: 0; }
dd[data-state="unready"]::before, dd[data-state="away"]::before {
  background: var(--bad); border-radius: 0; rotate: 45deg;
}
details { margin: .5rem 0; border: 1px solid var(--line); border-radius: 8px; background: var(--card); }
summary { padding: .65rem 1rem; cursor: pointer; }
details[open] > summary { border-bottom: 1px solid var(--line); }
details > :not(summary) { margin: .9rem 1rem; }
figure { position: relative; margin: .9rem 0; }
figcaption {
  color: var(--quiet); font-size: .875rem; margin-bottom: .25rem; padding-right: 5rem; overflow-wrap: anywhere;
}
pre {
  margin: 0; padding: .75rem; border: 1px solid var(--line); border-radius: 6px; background: var(--ground);
  white-space: pre-wrap; overflow-wrap: anywhere; font: .875rem/1.5 ui-monospace, monospace;
}
.button, button {
  display: inline-block; padding: .4rem .8rem; border: 1px solid var(--accent); border-radius: 6px;
  background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; text-decoration: none;
  cursor: pointer;
}
figure button {
  position: absolute; top: -.35rem; right: 0; padding: .1rem .6rem; background: transparent; color: var(--accent);
  font-size: .875rem;
}
.plain { background: transparent; color: var(--accent); }
.wide dt { width: 9rem; }
.wide dd { padding-left: 0; text-indent: 0; overflow-wrap: anywhere; }
.wide dd::before { content: none; }
#said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
@media (max-width: 30rem) { dt { width: 4.5rem; } .wide > div { display: block; } }
@media (forced-colors: active) { dd::before { background: CanvasText; } }
`;

/** The style's address, which changes with it; relative, so that it works behind any path. */
export const STYLE_ADDRESS = addressOf("page.css", STYLE);

export function addressOf(name: string, text: string): string {
  return `${name}?v=${createHash("sha256").update(text).digest("hex").slice(0, 12)}`;
}

/** A hub with three spokes, in a colour for light and dark schemes. */
export const ICON =
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke="#5b7cf0" stroke-width="3"><path ` +
  `d="M16 16 6 8M16 16l10-8M16 16v12"/><circle cx="16" cy="16" r="4" fill="#5b7cf0"/></svg>`;
