/**
 * Names of parameters and headers that look like one of the request's narrowing and are none. Others are anybody's and
 * do not matter; these were meant to take tools away.
 */
import { distance } from "fastest-levenshtein";
import { oneLine } from "../../errors/foreign-text.ts";

const QUERY = { name: "tools", also: ["toolset", "toolsets"], slips: 1 } as const;
const HEADERS = [
  { name: "x-mcp-toolsets", also: ["x-mcp-tools", "x-mcp-tool", "x-mcp-domains"], slips: 2 },
  { name: "x-mcp-readonly", also: ["x-mcp-read", "x-mcp-readonlymode"], slips: 2 },
] as const;

/** What is wrong, with the right name; undefined where nothing looks misspelt. */
export function misspeltNarrowing(query: unknown, headers: Readonly<Record<string, unknown>>): string | undefined {
  for (const name of Object.keys((query as object | null) ?? {})) {
    if (looksLike(name, QUERY)) return `?${oneLine(name, 40)}= is not understood. Did you mean ?tools=?`;
  }
  for (const name of Object.keys(headers)) {
    const meant = name.startsWith("x-mcp") ? HEADERS.find((header) => looksLike(name, header)) : undefined;
    if (meant !== undefined) return `The header ${oneLine(name, 40)} is not understood. Did you mean ${meant.name}?`;
  }
  return undefined;
}

interface Known {
  readonly name: string;
  readonly also: readonly string[];
  readonly slips: number;
}

function looksLike(given: string, { name, also, slips }: Known): boolean {
  if (given === name || given.length > 64) return false;
  const [bare, wanted] = [bareName(given), bareName(name)];
  return distance(bare, wanted) <= slips || also.some((other) => bare === bareName(other));
}

function bareName(name: string): string {
  return name.toLowerCase().replace(/[^a-z]/g, "");
}
