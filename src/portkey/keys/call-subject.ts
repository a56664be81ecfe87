/** What a call is about, read off its arguments by the record alone: workspaces that it names, or the organisation. */
import { isObject } from "../../catalog/json.ts";
import type { ToolRecord } from "../../catalog/record.ts";

type Values = Readonly<Record<string, unknown>>;

export interface CallSubject {
  /** Workspaces, by id or slug, in which the call takes place: an argument is one by itself. */
  readonly workspaces: readonly string[];
  /** Workspaces named inside a list or object: those that are granted, exempted or compared. */
  readonly alsoNamed: readonly string[];
  /** A value says so: `type: "organisation"`. */
  readonly isOrganisation: boolean;
  /** The organisation's id is given. */
  readonly namesOrganisation: boolean;
}

/** Members of an object inside an argument that name a workspace. */
const MEMBERS = new Set(["workspace_id", "workspace_slug", "workspaceId", "workspaceSlug"]);
/** Of the items of a list of workspaces, what names each. */
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
  // A field that the record does not know is sent all the same, and may name them too.
  const unknown = Object.entries(values).filter(([name]) => !record.arguments.some((known) => known.name === name));
  for (const [name, value] of unknown) {
    for (const text of textIf(MEMBERS.has(name), value)) workspaces.push(text);
    if (name === "organisation_id" && typeof value === "string" && value !== "") namesOrganisation = true;
  }
  return { workspaces, alsoNamed, isOrganisation, namesOrganisation };
}

/** The workspaces that a list or object names. `ofWorkspaces`: a plain text in it is one, and so is an item's id. */
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

/** Slugs hold no comma: one divides several. */
function split(text: string): string[] {
  return text
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");
}
