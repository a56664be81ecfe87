/**
 * Many tools of one domain fold the same arguments, such as the filters of the analytics. A listing spells them out in
 * the first of these tools only, and the others refer to it: each repetition would be paid for on every turn.
 */
import type { Tool } from "./tool.ts";
import { fieldsIn, nameOf } from "./outline-text.ts";

/** A reference saves something from so many characters on; beside it, a tool may name so many arguments of its own. */
const worthwhile = { characters: 100, ownFields: 3 };

export function withSharedMore(tools: readonly Tool[]): Tool[] {
  const long = tools.filter((tool) => moreOf(tool).length >= worthwhile.characters);
  const firsts = long.filter((tool) => long.find((other) => beyond(tool, other)?.length === 0) === tool);
  return tools.map((tool) => {
    if (!long.includes(tool)) return tool;
    const alike = firsts.find((first) => beyond(tool, first)?.length === 0);
    if (alike !== undefined && alike !== tool) return withMore(tool, `as in ${alike.record.name}`);
    if (alike === tool && long.some((other) => other !== tool && beyond(other, tool)?.length === 0)) return tool;
    return withRest(tool, firsts);
  });
}

/** Those of its arguments that another tool does not fold, and the rest as in that tool. */
function withRest(tool: Tool, firsts: readonly Tool[]): Tool {
  for (const first of firsts) {
    const own = first === tool ? undefined : beyond(tool, first);
    if (own !== undefined && own.length <= worthwhile.ownFields)
      return withMore(tool, `{${own.join(",")}}, and as in ${first.record.name}`);
  }
  return tool;
}

/** What a tool folds beyond all that `other` folds; undefined where it lacks some of that, or is of another domain. */
function beyond(tool: Tool, other: Tool): string[] | undefined {
  if (tool.record.domain !== other.record.domain) return undefined;
  const fields = fieldsIn(moreOf(tool));
  const names = new Set(fields.map(nameOf));
  const others = new Set(fieldsIn(moreOf(other)).map(nameOf));
  // The order of the arguments is the document's, and says nothing; nor do spellings of their types.
  if ([...others].some((name) => !names.has(name))) return undefined;
  return fields.filter((field) => !others.has(nameOf(field)));
}

const moreOf = ({ listed }: Tool): string => listed.properties?.["more"]?.description ?? "";

function withMore(tool: Tool, description: string): Tool {
  const more = { ...tool.listed.properties?.["more"], description };
  return { ...tool, listed: { ...tool.listed, properties: { ...tool.listed.properties, more } } };
}
