/** list_user_roles: lists people with their roles in the organisation and in each workspace, workspaces by name. */
import type { Json } from "../../catalog/json.ts";
import type { Composite, CompositeContext } from "../composite.ts";
import { inParallel } from "../steps/in-parallel.ts";
import { readOptional } from "../steps/read-optional.ts";
import { readObject, filterObjects, asText, withoutUndefined } from "../values/portkey-values.ts";

const page = { current_page: 0, page_size: 100 };
const userPage = { currentPage: 0, pageSize: 100 };

interface Members {
  readonly workspace: Json;
  /** The members' roles, by the person's id. */
  readonly roles: ReadonlyMap<unknown, unknown>;
  /** Why the members could not be read. */
  readonly error?: string;
}

export const composite: Composite<"list-user-roles"> = async (args, context) => {
  const one = asText(args.user_id);
  const people =
    one === undefined
      ? filterObjects(await context.callAll("list_all_users", userPage))
      : [readObject((await context.call("get_user", { user_id: one })).body)];
  const members = await readMembers(context, one === undefined ? undefined : people[0]);
  const unread = members.flatMap(({ workspace: { slug, name }, error }) =>
    error === undefined ? [] : [{ workspace: slug ?? name, error }],
  );
  const memberships = groupByPerson(members);
  return {
    data: people.map((person) => describePerson(person, memberships.get(person["id"]) ?? [])),
    total: people.length,
    ...(unread.length > 0 && { unread }),
  };
};

/** The members of every workspace; for one person, only of the person's workspaces, where Portkey returns these. */
function readMembers(context: CompositeContext, person: Json | undefined): Promise<Members[]> {
  const ids = person?.["workspace_ids"];
  const isMeant = ({ id }: Json) => !Array.isArray(ids) || ids.includes(id);
  return context.callAll("list_workspaces", page).then((rows) =>
    inParallel(
      filterObjects(rows).filter(isMeant),
      (workspace) =>
        readOptional<Members, Members>(
          async () => ({
            workspace,
            roles: readRoles(
              await context.callAll("list_workspace_members", { ...page, workspace_id: workspace["id"] }),
            ),
          }),
          (error) => ({ workspace, roles: new Map(), error }),
        ),
      (done) => context.progress(done, rows.length, `${done} of ${rows.length} workspaces`),
    ),
  );
}

function readRoles(rows: readonly unknown[]): ReadonlyMap<unknown, unknown> {
  return new Map(filterObjects(rows).map((row) => [row["id"] ?? row["user_id"], row["role"]]));
}

/** Each person's workspaces, by the person's id. */
function groupByPerson(members: readonly Members[]): ReadonlyMap<unknown, readonly Json[]> {
  const found = new Map<unknown, Json[]>();
  for (const { workspace, roles } of members) {
    const { id, slug, name } = workspace;
    for (const [person, role] of roles) {
      const membership = { ...withoutUndefined({ id, slug, name }), role };
      const others = found.get(person);
      if (others === undefined) found.set(person, [membership]);
      else others.push(membership);
    }
  }
  return found;
}

function describePerson(person: Json, workspaces: readonly Json[]): Json {
  const { id, email, role } = person;
  const name = [asText(person["first_name"]), asText(person["last_name"])].filter(Boolean).join(" ");
  return {
    ...withoutUndefined({ id, email, name: name === "" ? undefined : name, role }),
    workspaces,
  };
}
