/** Which tool of another edition makes what a list of the main one shows, by the path that both have. */
import { loadEdition, MAIN_EDITION, type EditionName } from "../../catalog/editions.ts";
import { ownMember, type Json } from "../../catalog/json.ts";
import type { ToolRecord } from "../../catalog/record.ts";

export interface MakingTool {
  readonly name: string;
  /** Whether the main edition's tool takes an argument of this name, and it does not. */
  lacks(argument: string): boolean;
}

/** `organisations`: the thing is the whole organisation's. undefined: it cannot be made there. */
export type ToolFor = (list: string, organisations?: boolean) => MakingTool | undefined;

/** Loads both editions' records; only a call that asks for them pays for that. */
export async function makingTools(edition: EditionName): Promise<ToolFor> {
  const [main, other] = (await Promise.all([loadEdition(MAIN_EDITION), loadEdition(edition)])).map(
    ({ records }) => records,
  ) as [readonly ToolRecord[], readonly ToolRecord[]];
  return (list, organisations = false) => {
    const path = main.find(({ name }) => name === list)?.path;
    if (path === undefined) return undefined;
    const there = (organisations ? makerOf(other, path, true) : undefined) ?? makerOf(other, path, false);
    return there && { name: there.name, lacks: lackedBy(there, makerOf(main, path, false)) };
  };
}

/** What makes one of a collection: `POST /configs`, `POST /api-keys/{type}`; `above` it `POST /admin/v2/guardrails`. */
function makerOf(records: readonly ToolRecord[], path: string, above: boolean): ToolRecord | undefined {
  return records.find(({ method, path: own = "" }) => {
    const collection = collectionOf(own);
    return method === "POST" && (above ? collection !== path && collection.endsWith(path) : collection === path);
  });
}

/** The path without the parameters that end it. */
function collectionOf(path: string): string {
  const segments = path.split("/");
  const last = segments.findLastIndex((segment) => !segment.startsWith("{"));
  return segments.slice(0, last + 1).join("/");
}

function lackedBy(there: ToolRecord, here: ToolRecord | undefined): MakingTool["lacks"] {
  const names = (record: ToolRecord | undefined) => new Set(record?.arguments.map(({ name }) => snakeCase(name)));
  const [taken, known] = [names(there), names(here)];
  return (argument) => known.has(argument) && !taken.has(argument);
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The members that are set, not as they are of new things anyway, and that the tool does not take. */
export function notTaken(tool: MakingTool, item: Json): string[] {
  return Object.keys(item).filter((name) => {
    const value = ownMember(item, name);
    return tool.lacks(snakeCase(name)) && Boolean(value) && value !== "active";
  });
}
