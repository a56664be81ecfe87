/** Measures the tokens of the list of tools, from a real tools/list of each server. */
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { join } from "node:path";
import { median, type Figure } from "./figure.ts";
import type { Bench } from "./section-context.ts";
import { listAllTools, StdioClient } from "./stdio-client.ts";

type Tool = Readonly<Record<string, unknown>>;

interface Cost {
  readonly tools: number;
  readonly bytes: number;
  readonly answer: number;
  readonly total: number;
  readonly median: number;
  readonly largest: number;
}

/** Tokens of name, description and input schema as compact JSON: what clients hand to a model. */
export function costOf(tools: readonly Tool[]): Cost {
  const tokens = tools.map(({ name, description, inputSchema }) =>
    countTokens(JSON.stringify({ name, description, inputSchema })),
  );
  return {
    tools: tools.length,
    bytes: Buffer.byteLength(JSON.stringify({ tools })),
    answer: countTokens(JSON.stringify({ tools })),
    total: tokens.reduce((sum, count) => sum + count, 0),
    median: median(tokens),
    largest: Math.max(...tokens),
  };
}

const UNITS = {
  tools: "count",
  bytes: "bytes",
  answer: "tokens",
  total: "tokens",
  median: "tokens",
  largest: "tokens",
} as const;

const HOW = {
  tools: "tools in the answer to tools/list over stdio, all pages.",
  bytes: "bytes of that answer's result as compact JSON, annotations included.",
  answer: "o200k tokens (gpt-tokenizer) of those bytes: the price where a client hands on everything.",
  total: "o200k tokens of each tool's name, description and inputSchema as compact JSON, added up.",
  median: "the median of those counts.",
  largest: "the largest of those counts.",
} as const;

export async function benchCatalogue(bench: Bench): Promise<Figure[]> {
  const { ours, baseline } = await bench.packages();
  const [mine, theirs, discover] = [
    await costFrom(bench, ours.folder, []),
    await costFrom(bench, baseline.folder, []),
    await costFrom(bench, ours.folder, ["--discover"]),
  ];
  const figures = (Object.keys(HOW) as (keyof typeof HOW)[]).map((part): Figure => ({
    id: `catalogue.${part}`,
    name: NAMES[part],
    unit: UNITS[part],
    samples: { ours: [mine[part]], baseline: [theirs[part]] },
    how: HOW[part],
  }));
  return [
    ...figures,
    {
      id: "catalogue.discover",
      name: "catalogue with --discover",
      unit: "tokens",
      samples: { ours: [discover.total] },
      how: `as above, for the ${discover.tools} tools that --discover lists.`,
    },
  ];
}

const NAMES = {
  tools: "tools",
  bytes: "answer, bytes",
  answer: "answer, tokens",
  total: "catalogue, tokens",
  median: "median tool",
  largest: "largest tool",
} as const;

async function costFrom({ workspace }: Bench, folder: string, flags: readonly string[]): Promise<Cost> {
  const child = workspace.start({
    args: [join(folder, "build/index.js"), ...flags],
    env: { PORTKEY_API_KEY: "bench" },
  });
  const client = new StdioClient(child);
  await client.open();
  const tools = await listAllTools(client);
  await child.stop();
  return costOf(tools);
}
