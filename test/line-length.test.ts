/** Every text file that is written by hand keeps to lines that can be read beside another file. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const LONGEST = 120;
/** A word of this length, such as an address, a path or a token, is nobody's to break. */
const UNBREAKABLE = 80;

/** What a program writes. */
const GENERATED = /^generated\/|^test\/snapshots\/|(?:^|\/)package-lock\.json$/;
const DO_NOT_EDIT = /Do not edit\./;

/** Requests in people's own words are keys of one line. This only shrinks. */
const STILL_LONG = /^test\/catalog-search\/requests/;

/** Forms that cannot be broken. */
const EXCEPTIONS: readonly { readonly form: string; readonly of: RegExp; readonly is: RegExp }[] = [
  { form: "a row of a table", of: /\.md$/, is: /^\s*\|.*\|$/ },
  { form: "a string of JSON", of: /\.json$/, is: /^\s*(?:"[^"]*": )?"(?:[^"\\]|\\.)*",?$/ },
  { form: "a regular expression", of: /\.[jt]s$/, is: /^\s*(?:\w+: )?\/(?![*/])(?:[^/\\]|\\.)+\/[a-z]*[,;]?$/ },
];

function isText(content: Buffer): boolean {
  return !content.includes(0);
}

function isGenerated(path: string, text: string): boolean {
  const head = text.split("\n", 6).join("\n");
  return GENERATED.test(path) || (extname(path) !== ".ts" && DO_NOT_EDIT.test(head));
}

/** The numbers of the lines that are too long, from 1. */
function longLines(path: string, text: string): number[] {
  const exceptions = EXCEPTIONS.filter(({ of }) => of.test(path));
  return text.split("\n").flatMap((line, index) => {
    if (line.length <= LONGEST || exceptions.some(({ is }) => is.test(line))) return [];
    return line.split(/\s+/).some((word) => word.length > UNBREAKABLE) ? [] : [index + 1];
  });
}

describe("a line is too long", () => {
  const prose = "word ".repeat(30);
  test.each([
    ["prose in a page", "docs/a.md", prose, [1]],
    ["a string in code", "src/a.ts", `const text = "${prose}";`, [1]],
    ["a comment of a table", "openapi/a.yaml", `# ${prose}`, [1]],
    ["an object of JSON", "a.json", `{ "a": "${prose}" }`, [1]],
    ["a row of a table", "docs/a.md", `| ${prose} |`, []],
    ["an address", "docs/a.md", `See https://example.com/${"x".repeat(100)}`, []],
    ["a string of JSON", "a.json", `  "a": "${prose}",`, []],
    ["a regular expression", "src/a.ts", `  says: /${prose}/i,`, []],
  ])("unless it cannot be broken: %s", (_what, path, text, want) => {
    expect(longLines(path, text)).toEqual(want);
  });
});

test("no line that is written by hand has more than 120 characters", () => {
  const listed = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "-z"], { cwd: ROOT, encoding: "utf8" });
  const paths = listed
    .split("\0")
    .filter((path) => path !== "" && !STILL_LONG.test(path) && existsSync(join(ROOT, path)));
  expect(paths.length).toBeGreaterThan(500);
  const found = paths.flatMap((path) => {
    const content = readFileSync(join(ROOT, path));
    if (!isText(content)) return [];
    const text = content.toString("utf8");
    return isGenerated(path, text) ? [] : longLines(path, text).map((line) => `${path}:${line}`);
  });
  expect(found).toEqual([]);
});
