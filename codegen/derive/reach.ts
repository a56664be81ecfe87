/** Derives whether an operation acts on a workspace or on the organisation. The server chooses the API key by it. */
import type { Argument, KeyKind, Reach } from "../../src/catalog/record.ts";
import type { Schema } from "../read/document.ts";
import { fieldsOf, typeOf } from "./schema.ts";

const workspaceName = /^(?:\w+_)?workspace_?(?:id|slug)$/i;
const workspaceList = /^(?:allowed_)?workspaces$/;
const organisationName = /^organi[sz]ation_?id$/i;

/** An admin key means the organisation. Else paths under `/admin` do, except those inside one workspace. */
export function reachOf(key: KeyKind, path: string | undefined): Reach {
  if (key === "admin") return "organisation";
  return path !== undefined && /^\/admin\/(?!workspaces\/\{)/.test(path) ? "organisation" : "workspace";
}

/** The argument with marks for values that name a workspace or the organisation. */
export function withSubject(argument: Argument, schema: Schema): Argument {
  const organisationWhen = organisationValues(argument.name, schema);
  return {
    ...argument,
    ...(namesWorkspace(argument.name, schema) && { namesWorkspace: true }),
    ...(organisationWhen && { organisationWhen }),
  };
}

/** Marks an argument that filters a list by default: without `status`, for example, the API returns `active` only. */
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

/** Whether the argument or a field in it can name a workspace: by its name, or as an item `{key, value}` of a list. */
function namesWorkspace(name: string, schema: Schema, list = workspaceList.test(name)): boolean {
  if (workspaceName.test(name)) return true;
  if (typeOf(schema) === "array") return list || namesWorkspace("", schema.items ?? {}, list);
  const { properties } = fieldsOf(schema);
  if (name === "" && properties["key"] && properties["value"]) return true;
  return Object.entries(properties).some(([inner, field]) => namesWorkspace(inner, field));
}
