/** The documentation's pages, and what stands in their fences. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const ROOT = new URL("../..", import.meta.url).pathname;

export interface Page {
  /** From the repository's root. */
  readonly path: string;
  readonly text: string;
}

export interface Block {
  readonly page: string;
  readonly line: number;
  /** The fence's words: a language, and what a test does with it. */
  readonly language: string;
  readonly use: string;
  readonly text: string;
}

export const PAGES: readonly Page[] = [
  "README.md",
  ...readdirSync(join(ROOT, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
].map((path) => ({
  path,
  text: readFileSync(join(ROOT, path), "utf8"),
}));

export const BLOCKS: readonly Block[] = PAGES.flatMap(({ path, text }) =>
  [...text.matchAll(/^```(\w+)?(?: (.+))?\n([\s\S]*?)^```$/gm)].map(
    ({ index, 1: language = "", 2: use = "", 3: content = "" }) => ({
      page: path,
      line: text.slice(0, index).split("\n").length,
      language,
      use,
      text: content,
    }),
  ),
);

/** Blocks of a use, each with a name for its test. */
export function blocksFor(language: string, use: string): (readonly [name: string, block: Block])[] {
  return BLOCKS.filter((block) => block.language === language && block.use === use).map((block) => [
    `${block.page}, line ${block.line}`,
    block,
  ]);
}
