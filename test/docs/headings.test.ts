/** Links to headings lead to headings. */
import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";
import { headingsOf } from "./headings.ts";
import { PAGES, ROOT } from "./pages.ts";

describe("a heading's address is as GitHub makes it", () => {
  test.each<[text: string, want: readonly string[]]>([
    ["# Set up", ["set-up"]],
    ["## An issuer that registers no clients (`oauth-proxy`)", ["an-issuer-that-registers-no-clients-oauth-proxy"]],
    ["### What's new, and why?", ["whats-new-and-why"]],
    ["## `MCP_HOST` & co.", ["mcp_host--co"]],
    ["## [Docker](https://docker.com) and Kubernetes", ["docker-and-kubernetes"]],
    ["## Größe – klein", ["größe--klein"]],
    ["# Same\n\n## Same\n\n## Same", ["same", "same-1", "same-2"]],
    ["```sh\n# no heading\n```\n# Heading ##", ["heading"]],
    ["#no heading", []],
  ])("%s", (text, want) => {
    expect(headingsOf(text)).toEqual(want);
  });
});

const MORE = ["CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"].map((path) => ({
  path,
  text: readFileSync(join(ROOT, path), "utf8"),
}));
const ALL = [...PAGES, ...MORE];

test.each(ALL.map((page) => [page.path, page] as const))("%s links to headings that there are", (path, { text }) => {
  const links = [...text.matchAll(/\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)/g)];
  const missing = links.filter(([, file = "", heading = ""]) => {
    const target = file === "" ? path : normalize(join(dirname(path), file));
    const page = ALL.find((one) => one.path === target);
    const headings = headingsOf(page?.text ?? readFileSync(join(ROOT, target), "utf8"));
    return !headings.includes(decodeURIComponent(heading));
  });
  expect(missing.map(([link]) => link)).toEqual([]);
});

test("there are such links", () => {
  expect(PAGES.filter(({ text }) => /\]\([^)]*#/.test(text)).length).toBeGreaterThan(3);
});
