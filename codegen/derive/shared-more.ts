/**
 * Many tools of a domain have the same arguments in `more`, such as the filters of the analytics. Only the first of
 * these tools lists them, and the others refer to it, since a model reads each repetition on every turn.
 */
import type { Tool } from "./tool.ts";
import { fieldsIn, nameOf } from "./outline-text.ts";

/** A reference is used for texts of at least `characters`, if the tool has at most `ownFields` further arguments. */
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

/** Keeps the tool's further arguments, and refers to a tool in `firsts` for the rest; unchanged if none fits. */
function withRest(tool: Tool, firsts: readonly Tool[]): Tool {
  for (const first of firsts) {
    const own = first === tool ? undefined : beyond(tool, first);
    if (own !== undefined && own.length <= worthwhile.ownFields)
      return withMore(tool, `{${own.join(",")}}, and as in ${first.record.name}`);
  }
  return tool;
}

/** The arguments in `more` that `other` does not have. Undefined if `other` has more, or is of another domain. */
function beyond(tool: Tool, other: Tool): string[] | undefined {
  if (tool.record.domain !== other.record.domain) return undefined;
  const fields = fieldsIn(moreOf(tool));
  const names = new Set(fields.map(nameOf));
  const others = new Set(fieldsIn(moreOf(other)).map(nameOf));
  // Names are compared, since the order of the arguments and the notation of their types have no meaning.
  if ([...others].some((name) => !names.has(name))) return undefined;
  return fields.filter((field) => !others.has(nameOf(field)));
}

const moreOf = ({ listed }: Tool): string => listed.properties?.["more"]?.description ?? "";

function withMore(tool: Tool, description: string): Tool {
  const more = { ...tool.listed.properties?.["more"], description };
  return { ...tool, listed: { ...tool.listed, properties: { ...tool.listed.properties, more } } };
}
