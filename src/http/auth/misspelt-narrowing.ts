/**
 * Finds query parameters and headers that look like misspelt ones of request-narrowing.ts.
 * Other unknown names are ignored. These are refused: they were meant to take tools away, and would do nothing.
 */
import { distance } from "fastest-levenshtein";
import { oneLine } from "../../errors/foreign-text.ts";

interface NarrowingName {
  readonly name: string;
  /** Other names that people use for it. */
  readonly similar: readonly string[];
  /** How many edits a misspelling may have. */
  readonly maxDistance: number;
}

const QUERY: NarrowingName = { name: "tools", similar: ["toolset", "toolsets"], maxDistance: 1 };
const HEADERS: readonly NarrowingName[] = [
  { name: "x-mcp-toolsets", similar: ["x-mcp-tools", "x-mcp-tool", "x-mcp-domains"], maxDistance: 2 },
  { name: "x-mcp-readonly", similar: ["x-mcp-read", "x-mcp-readonlymode"], maxDistance: 2 },
];

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

/** Whether a request's name is close to one of ours, without being it. */
function looksLike(requested: string, { name, similar, maxDistance }: NarrowingName): boolean {
  if (requested === name || requested.length > 64) return false;
  const letters = lettersOf(requested);
  if (distance(letters, lettersOf(name)) <= maxDistance) return true;
  return similar.some((other) => letters === lettersOf(other));
}

function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z]/g, "");
}
