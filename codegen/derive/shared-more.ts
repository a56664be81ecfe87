/**
 * Many tools of one domain fold the same arguments, such as the filters of the analytics. A listing spells them out in
 * the first of these tools only, and the others refer to it: each repetition would be paid for on every turn.
 */
import type { Tool } from "./tool.ts";

/** A reference saves something from so many tools and characters on. */
const worthwhile = { tools: 3, characters: 100 };

export function withSharedMore(tools: readonly Tool[]): Tool[] {
  const holders = new Map<string, string[]>();
  for (const tool of tools) {
    const key = keyOf(tool);
    if (key !== undefined) holders.set(key, [...(holders.get(key) ?? []), tool.record.name]);
  }
  return tools.map((tool) => {
    const names = holders.get(keyOf(tool) ?? "") ?? [];
    const first = names[0] as string;
    if (names.length < worthwhile.tools || tool.record.name === first) return tool;
    return withMore(tool, `as in ${first}`);
  });
}

function keyOf({ record, listed }: Tool): string | undefined {
  const text = listed.properties?.["more"]?.description ?? "";
  if (text.length < worthwhile.characters) return undefined;
  // The order of the arguments is the document's, and says nothing.
  const names = text.replace(/^\{|\}$/g, "").split(",");
  return `${record.domain} ${names.sort().join(",")}`;
}

function withMore(tool: Tool, description: string): Tool {
  const more = { ...tool.listed.properties?.["more"], description };
  return { ...tool, listed: { ...tool.listed, properties: { ...tool.listed.properties, more } } };
}
