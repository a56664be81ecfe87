/** What an operation's arguments say about whose it is: a workspace's, or the organisation's. Keys are chosen by it. */
import type { Argument, KeyKind, Reach } from "../../src/catalog/record.ts";
import type { Schema } from "../read/document.ts";
import { fieldsOf, typeOf } from "./schema.ts";

const workspaceName = /^(?:\w+_)?workspace_?(?:id|slug)$/i;
const workspaceList = /^(?:allowed_)?workspaces$/;
const organisationName = /^organi[sz]ation_?id$/i;

/** By path, unless the curation says otherwise: `/admin` is the organisation's, but for what lies in one workspace. */
export function reachOf(key: KeyKind, path: string | undefined): Reach {
  if (key === "admin") return "organisation";
  return path !== undefined && /^\/admin\/(?!workspaces\/\{)/.test(path) ? "organisation" : "workspace";
}

/** The argument with what its values can name. */
export function withSubject(argument: Argument, schema: Schema): Argument {
  const organisationWhen = organisationValues(argument.name, schema);
  return {
    ...argument,
    ...(namesWorkspace(argument.name, schema) && { namesWorkspace: true }),
    ...(organisationWhen && { organisationWhen }),
  };
}

/** A list's argument with what its absence leaves out: `status`, where the API takes it as `active` then. */
export function withFilter(argument: Argument, { enum: values = [], default: ownDefault }: Schema): Argument {
  const isChoice = argument.place === "query" && values.length > 1 && !values.includes("true");
  return isChoice && typeof ownDefault === "string" && ownDefault !== "all"
    ? { ...argument, filtersBy: ownDefault }
    : argument;
}

function organisationValues(name: string, schema: Schema): Argument["organisationWhen"] {
  if (organisationName.test(name)) return "given";
  const values = (schema.enum ?? []).filter((value) => /^organi[sz]ation$/.test(String(value)));
  return values.length > 0 ? values : undefined;
}

/** By its own name, or that of a field anywhere in it; a condition, one of a list, names one with its key and value. */
function namesWorkspace(name: string, schema: Schema, list = workspaceList.test(name)): boolean {
  if (workspaceName.test(name)) return true;
  if (typeOf(schema) === "array") return list || namesWorkspace("", schema.items ?? {}, list);
  const { properties } = fieldsOf(schema);
  if (name === "" && properties["key"] && properties["value"]) return true;
  return Object.entries(properties).some(([inner, field]) => namesWorkspace(inner, field));
}
