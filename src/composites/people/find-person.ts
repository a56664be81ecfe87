/** A person of the organisation, by id or email, with the access that there is: memberships, invitations, keys. */
import type { Json } from "../../catalog/json.ts";
import type { CompositeContext } from "../composite.ts";
import { unlessMissing } from "../steps/ask-again.ts";
import { inParallel } from "../steps/in-parallel.ts";
import { readOptional } from "../steps/read-optional.ts";
import { objectIn, objectsIn, textOf } from "../values/portkey-values.ts";

export interface Person {
  /** Absent where the person has no account, or none any more. */
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
/** Lists whose items say who owns them. */
const OWNED = ["list_configs", "list_guardrails", "list_mcp_servers"] as const;

export async function findPerson(context: CompositeContext, user: string): Promise<Person> {
  const isEmail = user.includes("@");
  const found = isEmail
    ? objectsIn(await context.callAll("list_all_users", userPage)).find(({ email }) => email === user)
    : await unlessMissing(async () => objectIn((await context.call("get_user", { user_id: user })).body));
  const ids = Array.isArray(found?.["workspace_ids"]) ? (found["workspace_ids"] as readonly unknown[]) : [];
  return {
    id: found && (textOf(found["id"]) ?? user),
    email: textOf(found?.["email"]) ?? (isEmail ? user : undefined),
    role: textOf(found?.["role"]),
    workspaces: ids.filter((id) => typeof id === "string"),
  };
}

/** Open invitations of that email address. */
export async function invitationsOf(context: CompositeContext, { email }: Person): Promise<readonly Json[]> {
  if (email === undefined) return [];
  const rows = objectsIn(await context.callAll("list_user_invites", userPage));
  return rows.filter((row) => row["email"] === email && (row["status"] ?? "pending") === "pending");
}

/** The person's own API keys, of every workspace. Throws where some could not be read: none may stay unseen. */
export async function keysOf(context: CompositeContext, { id }: Person): Promise<readonly Json[]> {
  if (id === undefined) return [];
  const workspaces = objectsIn(await context.callAll("list_workspaces", page));
  const keys = await inParallel(workspaces, (workspace) =>
    context.callAll("list_api_keys", { ...page, workspace_id: workspace["id"] }),
  );
  const own = objectsIn(keys.flat()).filter(({ user_id: user }) => user === id);
  return [...new Map(own.map((key) => [key["id"], key])).values()];
}

/** What the person owns in these workspaces: it stays, and somebody else may have to look after it. */
export async function ownedBy(context: CompositeContext, person: Person, unread: Unread[]): Promise<readonly Json[]> {
  const places = person.workspaces.flatMap((workspace) => OWNED.map((list) => ({ workspace, list })));
  const found = await inParallel(places, ({ workspace, list }) =>
    readOptional(
      () => context.callAll(list, { workspace_id: workspace }),
      (error) => {
        unread.push({ what: `${list} of workspace ${workspace}`, error });
        return [];
      },
    ).then((rows) =>
      objectsIn(rows)
        .filter(({ owner_id: owner, workspace_id: home }) => owner === person.id && (home ?? workspace) === workspace)
        .map(({ id, slug, name }) => ({ from: list, id, slug, name, workspace_id: workspace })),
    ),
  );
  return found.flat();
}
