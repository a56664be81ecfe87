/** Finds a person of the organisation by id or email, with memberships, invitations, keys and owned objects. */
import type { Json } from "../../catalog/json.ts";
import type { CompositeContext } from "../composite.ts";
import { undefinedIfMissing } from "../steps/read-repeatedly.ts";
import { inParallel } from "../steps/in-parallel.ts";
import { readOptional } from "../steps/read-optional.ts";
import { readObject, filterObjects, asText } from "../values/portkey-values.ts";

export interface Person {
  /** undefined where the person has no account. */
  readonly id: string | undefined;
  readonly email: string | undefined;
  readonly role: string | undefined;
  /** Ids of the workspaces that the person is a member of. */
  readonly workspaces: readonly string[];
}

export interface Unread {
  readonly what: string;
  readonly error: string;
}

const page = { current_page: 0, page_size: 100 };
const userPage = { currentPage: 0, pageSize: 100 };
/** Lists whose items have an owner. */
const OWNED = ["list_configs", "list_guardrails", "list_mcp_servers"] as const;

export async function findPerson(context: CompositeContext, user: string): Promise<Person> {
  const isEmail = user.includes("@");
  const found = isEmail
    ? filterObjects(await context.callAll("list_all_users", userPage)).find(({ email }) => email === user)
    : await undefinedIfMissing(async () => readObject((await context.call("get_user", { user_id: user })).body));
  const ids = Array.isArray(found?.["workspace_ids"]) ? (found["workspace_ids"] as readonly unknown[]) : [];
  return {
    id: found && (asText(found["id"]) ?? user),
    email: asText(found?.["email"]) ?? (isEmail ? user : undefined),
    role: asText(found?.["role"]),
    workspaces: ids.filter((id) => typeof id === "string"),
  };
}

/** Pending invitations of the person's email address. */
export async function findInvitations(context: CompositeContext, { email }: Person): Promise<readonly Json[]> {
  if (email === undefined) return [];
  const rows = filterObjects(await context.callAll("list_user_invites", userPage));
  return rows.filter((row) => row["email"] === email && (row["status"] ?? "pending") === "pending");
}

/** The person's own API keys in every workspace. Throws where a list cannot be read, so that no key is overlooked. */
export async function findKeys(context: CompositeContext, { id }: Person): Promise<readonly Json[]> {
  if (id === undefined) return [];
  const workspaces = filterObjects(await context.callAll("list_workspaces", page));
  const keys = await inParallel(workspaces, (workspace) =>
    context.callAll("list_api_keys", { ...page, workspace_id: workspace["id"] }),
  );
  const own = filterObjects(keys.flat()).filter(({ user_id: user }) => user === id);
  return [...new Map(own.map((key) => [key["id"], key])).values()];
}

/** The objects that the person owns in these workspaces. They are not deleted, and may need another owner. */
export async function findOwned(context: CompositeContext, person: Person, unread: Unread[]): Promise<readonly Json[]> {
  const places = person.workspaces.flatMap((workspace) => OWNED.map((list) => ({ workspace, list })));
  const found = await inParallel(places, ({ workspace, list }) =>
    readOptional(
      () => context.callAll(list, { workspace_id: workspace }),
      (error) => {
        unread.push({ what: `${list} of workspace ${workspace}`, error });
        return [];
      },
    ).then((rows) =>
      filterObjects(rows)
        .filter(({ owner_id: owner, workspace_id: home }) => owner === person.id && (home ?? workspace) === workspace)
        .map(({ id, slug, name }) => ({ from: list, id, slug, name, workspace_id: workspace })),
    ),
  );
  return found.flat();
}
