/** What a list tells of its objects: id, slug, and the names that a person calls each by. */
import { isObject } from "../../catalog/json.ts";

export interface NamedObject {
  readonly id: string | undefined;
  readonly slug: string | undefined;
  /** As shown to a person. */
  readonly name: string;
  /** Every text that is its name; a user's email is one. */
  readonly names: readonly string[];
  readonly workspace: string | undefined;
}

/** Longer texts are no names that anybody types. */
const LONGEST_NAME = 500;

/** The row of a list as an object with a name; undefined where it has neither id nor name. */
export function namedObject(row: unknown): NamedObject | undefined {
  if (!isObject(row)) return undefined;
  const [id, slug] = [textOf(row["id"]), textOf(row["slug"])];
  const person = [textOf(row["first_name"]), textOf(row["last_name"])].filter(Boolean).join(" ");
  const names = [textOf(row["name"]), person, textOf(row["title"]), textOf(row["email"])].filter(
    (name): name is string => name !== undefined && name !== "" && name.length <= LONGEST_NAME,
  );
  const [name] = names;
  if ((id ?? slug) === undefined || name === undefined) return undefined;
  return { id, slug, name, names: [...new Set(names)], workspace: textOf(row["workspace_id"]) };
}

/** Whether the object is called exactly so. Portkey shows some workspaces' names with an icon before them. */
export function isCalled({ names }: NamedObject, wanted: string): boolean {
  return names.some((name) => name === wanted || withoutIcon(name) === wanted);
}

/** The name without pictographs before it. */
export function withoutIcon(name: string): string {
  return name.replace(/^[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F\u200D]+\s*/u, "");
}

function textOf(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}
