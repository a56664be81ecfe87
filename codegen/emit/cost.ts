/** What the catalogue costs a model on every turn, in tokens of o200k. */
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { listingOf, type Tool } from "../derive/tool.ts";

/** What a release may cost (test/curation/budget.test.ts). An import over it goes on, and tells. */
export const budget = 20_000;

export interface Cost {
  readonly before: number;
  readonly after: number;
  readonly limit: number;
  /** The tools that cost most now. */
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

/** Most tools are the same before and after. */
const counted = new Map<string, number>();
