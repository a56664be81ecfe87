/** The size of the catalogue that a model reads on every turn, in tokens of the o200k encoding. */
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { listingOf, type Tool } from "../derive/tool.ts";

/** The limit for a release, in tokens (test/curation/budget.test.ts). An import above it succeeds and reports it. */
export const budget = 20_000;

export interface Cost {
  readonly before: number;
  readonly after: number;
  readonly limit: number;
  /** The ten largest tools after the import, in descending order. */
  readonly most: readonly { readonly name: string; readonly tokens: number }[];
}

export function costOf(before: readonly Tool[], after: readonly Tool[]): Cost {
  const sum = (tools: readonly Tool[]) => tools.reduce((total, tool) => total + tokensOf(tool), 0);
  const most = after
    .map((tool) => ({ name: tool.record.name, tokens: tokensOf(tool) }))
    .sort((a, b) => b.tokens - a.tokens)
    .slice(0, 10);
  return { before: sum(before), after: sum(after), limit: budget, most };
}

function tokensOf(tool: Tool): number {
  const { name, description, inputSchema } = listingOf(tool);
  const text = JSON.stringify({ name, description, inputSchema });
  const known = counted.get(text) ?? encode(text).length;
  counted.set(text, known);
  return known;
}

/** Cache of token counts by text: most tools are the same before and after an import. */
const counted = new Map<string, number>();
