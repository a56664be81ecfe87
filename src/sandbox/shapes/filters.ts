/**
 * Filters a list by the query: a test for each parameter; by default the field of that name is compared.
 */
import { ownMember } from "../../catalog/json.ts";
import type { Call } from "../behaviour/call.ts";
import { pagingParameters } from "./paging.ts";
import type { View } from "./shape.ts";
import { references } from "../behaviour/resources.ts";

type Test = (view: View, wanted: string, call: Call) => boolean;

const lowerCaseText = (view: View, field: string) => String(view.get(field) ?? "").toLowerCase();

const tests: Readonly<Record<string, Test>> = {
  email: (view, wanted) => lowerCaseText(view, "email") === wanted.toLowerCase(),
  exact_name: (view, wanted) => view.get("name") === wanted,
  id: (view, wanted) => view.id === wanted || view.get("slug") === wanted,
  ids: (view, wanted) => wanted.split(",").includes(view.id),
  name: (view, wanted) => lowerCaseText(view, "name").includes(wanted.toLowerCase()),
  search: (view, wanted) =>
    ["name", "slug", "description"].some((field) => lowerCaseText(view, field).includes(wanted.toLowerCase())),
  scim_group_id: (view, wanted) => view.get("scim_group_id") === wanted,
  tags: () => true,
  type: (view, wanted) => wanted === "all" || view.get("type") === wanted,
  // The organisation's resources are listed in every workspace, except for its keys.
  workspace_id: (view, wanted, call) => {
    const workspace = view.get("workspace_id") ?? undefined;
    if (workspace === undefined) return view.get("object") !== "api-key";
    return workspace === call.workspaceId(wanted);
  },
  workspace_slug: (view, wanted, call) =>
    (view.get("workspace_id") ?? call.workspaceId(wanted)) === call.workspaceId(wanted),
};

/** Parameters that are no filters of items. */
const ignored = new Set([
  "organisation_id",
  "start_time",
  "end_time",
  "version",
  "include_usage",
  "include_credentials",
  "updated_since",
  "limit",
  "cursor",
  ...pagingParameters,
]);

export function applyFilters(call: Call, views: readonly View[]): View[] {
  const wanted = Object.entries(call.query).filter(
    ([name, value]) => call.operation.query[name] !== undefined && !ignored.has(name) && value !== "",
  );
  return views.filter((view) =>
    wanted.every(([name, value]) => (ownMember(tests, name) ?? defaultTest(name))(view, value, call)),
  );
}

function defaultTest(name: string): Test {
  const kind = references[name];
  return (view, wanted, call) => {
    const held = view.get(name) ?? (name === "status" ? "active" : undefined);
    if (String(held) === wanted) return true;
    const target = kind === undefined ? undefined : call.world.store.find(kind, wanted);
    return target !== undefined && target === call.world.store.find(kind ?? "", String(held));
  };
}
