/** Determines the subject of a call from its arguments and the record: the workspaces it names, or the organisation. */
import { isObject } from "../../catalog/json.ts";
import type { ToolRecord } from "../../catalog/record.ts";

type Values = Readonly<Record<string, unknown>>;

export interface CallSubject {
  /** Workspaces that the call acts in, by id or slug: the values of arguments that name a workspace. */
  readonly workspaces: readonly string[];
  /** Workspaces named inside a list or object, such as those granted access. */
  readonly alsoNamed: readonly string[];
  /** An argument's value makes the call act on the organisation: `type: "organisation"`. */
  readonly isOrganisation: boolean;
  /** The organisation's id is given. */
  readonly namesOrganisation: boolean;
}

/** Members of an object inside an argument that name a workspace. */
const MEMBERS = new Set(["workspace_id", "workspace_slug", "workspaceId", "workspaceSlug"]);
/** Members of the items of a list of workspaces that name the item. */
const ITEM_MEMBERS = ["id", "slug"];

/** `values` are the call's arguments by name. */
export function subjectOf(record: Pick<ToolRecord, "arguments">, values: Values): CallSubject {
  const workspaces: string[] = [];
  const alsoNamed: string[] = [];
  let isOrganisation = false;
  let namesOrganisation = false;
  for (const { name, namesWorkspace, organisationWhen } of record.arguments) {
    const value = values[name];
    if (value === undefined || value === null || value === "") continue;
    if (namesWorkspace && typeof value === "string") for (const id of split(value)) workspaces.push(id);
    else if (namesWorkspace) for (const id of namedIn(value, true)) alsoNamed.push(id);
    if (organisationWhen === "given") namesOrganisation = true;
    else if (organisationWhen?.includes(value)) isOrganisation = true;
  }
  // Undeclared arguments are sent too, and may name workspaces or the organisation.
  const unknown = Object.entries(values).filter(([name]) => !record.arguments.some((known) => known.name === name));
  for (const [name, value] of unknown) {
    for (const text of textIf(MEMBERS.has(name), value)) workspaces.push(text);
    if (name === "organisation_id" && typeof value === "string" && value !== "") namesOrganisation = true;
  }
  return { workspaces, alsoNamed, isOrganisation, namesOrganisation };
}

/** The workspaces that a list or object names. With `ofWorkspaces`, each text and each item's id in it is one. */
function namedIn(value: unknown, ofWorkspaces: boolean): string[] {
  if (typeof value === "string") return ofWorkspaces ? split(value) : [];
  if (Array.isArray(value)) return value.flatMap((item) => namedIn(item, ofWorkspaces));
  if (!isObject(value)) return [];
  const { key, value: wanted } = value;
  if (typeof key === "string" && wanted !== undefined) return MEMBERS.has(key) ? namedIn(wanted, true) : [];
  const named = Object.entries(value).flatMap(([name, member]) =>
    typeof member === "object" ? namedIn(member, false) : textIf(MEMBERS.has(name), member),
  );
  if (named.length > 0 || !ofWorkspaces) return named;
  return ITEM_MEMBERS.flatMap((name) => textIf(true, value[name])).slice(0, 1);
}

function textIf(wanted: boolean, value: unknown): string[] {
  return wanted && typeof value === "string" ? split(value) : [];
}

/** The entries of a list separated by commas, which no slug contains. */
function split(text: string): string[] {
  return text
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}
