/** Finds the tool of another edition that makes the objects of a list of the main edition, by their common path. */
import { loadEdition, MAIN_EDITION, type EditionName } from "../../catalog/editions.ts";
import { ownMember, type Json } from "../../catalog/json.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import { snakeCase } from "../values/snake-case.ts";

export interface MakingTool {
  readonly name: string;
  /** Whether it lacks an argument that the main edition's tool has. */
  lacks(argument: string): boolean;
}

/** The tool for a list's objects; undefined where they cannot be made. `organisations`: they are the organisation's. */
export type ToolFor = (list: string, organisations?: boolean) => MakingTool | undefined;

/** Loads the records of both editions, and so is called only when needed. */
export async function findMakingTools(edition: EditionName): Promise<ToolFor> {
  const [main, other] = (await Promise.all([loadEdition(MAIN_EDITION), loadEdition(edition)])).map(
    ({ records }) => records,
  ) as [readonly ToolRecord[], readonly ToolRecord[]];
  return (list, organisations = false) => {
    const path = main.find(({ name }) => name === list)?.path;
    if (path === undefined) return undefined;
    const there = (organisations ? findMaker(other, path, true) : undefined) ?? findMaker(other, path, false);
    return there && { name: there.name, lacks: createLacks(there, findMaker(main, path, false)) };
  };
}

/**
 * The tool that makes an object of a collection: `POST /configs`, `POST /api-keys/{type}`; with `above`, one whose path
 * has a prefix, such as `POST /admin/v2/guardrails`.
 */
function findMaker(records: readonly ToolRecord[], path: string, above: boolean): ToolRecord | undefined {
  return records.find(({ method, path: own = "" }) => {
    const collection = collectionPath(own);
    return method === "POST" && (above ? collection !== path && collection.endsWith(path) : collection === path);
  });
}

/** The path without the parameters at its end. */
function collectionPath(path: string): string {
  const segments = path.split("/");
  const last = segments.findLastIndex((segment) => !segment.startsWith("{"));
  return segments.slice(0, last + 1).join("/");
}

function createLacks(there: ToolRecord, here: ToolRecord | undefined): MakingTool["lacks"] {
  const names = (record: ToolRecord | undefined) => new Set(record?.arguments.map(({ name }) => snakeCase(name)));
  const [taken, known] = [names(there), names(here)];
  return (argument) => known.has(argument) && !taken.has(argument);
}

/** The members of an object that the tool does not take, except for unset ones and those with the default "active". */
export function findNotTaken(tool: MakingTool, item: Json): string[] {
  return Object.keys(item).filter((name) => {
    const value = ownMember(item, name);
    return tool.lacks(snakeCase(name)) && Boolean(value) && value !== "active";
  });
}
