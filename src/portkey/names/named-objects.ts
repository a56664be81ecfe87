/** Reads objects from the rows of a list: id, slug, and the names that people use. */
import { isObject } from "../../catalog/json.ts";

export interface NamedObject {
  readonly id: string | undefined;
  readonly slug: string | undefined;
  /** The name to show. */
  readonly name: string;
  /** Every text that counts as its name, such as a user's email. */
  readonly names: readonly string[];
  readonly workspace: string | undefined;
}

/** Longer texts do not count as names, or as ids. */
const LONGEST_NAME = 500;

/** The object in a row of a list; undefined where it lacks a name, or both id and slug. */
export function namedObject(row: unknown): NamedObject | undefined {
  if (!isObject(row)) return undefined;
  const [id, slug] = [textOf(row["id"]), textOf(row["slug"])];
  const person = [textOf(row["first_name"]), textOf(row["last_name"])].filter(Boolean).join(" ");
  const names = [textOf(row["name"]), person, textOf(row["title"]), textOf(row["email"])].filter(
    (name): name is string => name !== undefined && name !== "",
  );
  const [name] = names;
  if ((id ?? slug) === undefined || name === undefined) return undefined;
  return { id, slug, name, names: [...new Set(names)], workspace: textOf(row["workspace_id"]) };
}

/** Whether `wanted` is exactly a name of the object. Portkey returns some workspaces' names with an icon in front. */
export function isCalled({ names }: NamedObject, wanted: string): boolean {
  // Nearly all names begin with a letter: to look for an icon takes twenty times as long.
  return names.some((name) => name === wanted || (name.charCodeAt(0) > 0x7f && withoutIcon(name) === wanted));
}

/** The name without pictographs before it. */
export function withoutIcon(name: string): string {
  return name.replace(/^[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F\u200D]+\s*/u, "");
}

function textOf(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" && value.length <= LONGEST_NAME ? value : undefined;
}
