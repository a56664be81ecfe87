/**
 * offboard_user: ends a person's access: first the keys, which are the most dangerous to leave behind after a failure,
 * then memberships, invitations and the account. Objects that the person owns stay, and are listed.
 */
import type { Json } from "../../catalog/json.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import type { Composite, CompositeContext } from "../composite.ts";
import { findPerson, findInvitations, findKeys, findOwned, type Person, type Unread } from "../people/find-person.ts";
import { callAgainHint, withJournal, type Journal } from "../steps/journal.ts";
import { asText, withoutUndefined } from "../values/portkey-values.ts";

const TOOL = "offboard_user";

export const composite: Composite<"offboard-user"> = (args, context) =>
  withJournal(context, callAgainHint(TOOL), async (journal) => {
    const person = await findPerson(context, args.user_id);
    const unread: Unread[] = [];
    const keys = await findKeys(context, person);
    const invitations = await findInvitations(context, person);
    const owns = await findOwned(context, person, unread);
    refuseUnsafe(context, person, keys);
    const keepsAccount = args.keep_account === true;
    await endAccess(journal, person, { keys, invitations, keepsAccount });
    const steps = context.dryRun ? journal.planned.length : journal.done.length;
    const facts = {
      user: withoutUndefined({ id: person.id, email: person.email }),
      ends: {
        api_keys: keys.length,
        memberships: person.workspaces.length,
        invitations: invitations.length,
        account: person.id !== undefined && !keepsAccount,
      },
      ...(owns.length > 0 && { owns, note: "What the person owns stays: give it to somebody, or delete it." }),
      ...(unread.length > 0 && { unread }),
    };
    const action = steps > 0 ? "offboarded" : "unchanged";
    if (context.dryRun) return { dry_run: true, action, ...facts, would_send: journal.planned };
    return { action, ...facts, done: journal.done };
  });

interface Access {
  readonly keys: readonly Json[];
  readonly invitations: readonly Json[];
  readonly keepsAccount: boolean;
}

async function endAccess(
  journal: Journal,
  { id, workspaces }: Person,
  { keys, invitations, keepsAccount }: Access,
): Promise<void> {
  for (const { id: key, name } of keys) await journal.write("delete_api_key", { id: key }, () => ({ id: key, name }));
  for (const workspace_id of workspaces) {
    const member = { workspace_id, user_id: id };
    await journal.write("remove_workspace_member", member, () => member);
  }
  for (const { id: invite_id } of invitations)
    await journal.write("delete_user_invite", { invite_id }, () => ({ invite_id }));
  if (id !== undefined && !keepsAccount) await journal.write("delete_user", { user_id: id }, () => ({ user_id: id }));
}

/** Throws BAD_INPUT before any change for the organisation's owner, and for a person whose key this server uses. */
function refuseUnsafe({ isOwnKey }: CompositeContext, person: Person, keys: readonly Json[]): void {
  if (person.role === "owner")
    throw new PortkeyMcpError(
      "BAD_INPUT",
      `${TOOL}: nothing was changed. This person owns the organisation: make somebody else the owner in Portkey first.`,
    );
  const own = keys.find(({ key }) => isOwnKey?.(key) === true);
  if (own === undefined) return;
  const name = JSON.stringify(asText(own["name"]) ?? own["id"]);
  throw new PortkeyMcpError(
    "BAD_INPUT",
    `${TOOL}: nothing was changed. This server works with the person's key ${name}: give the server another key first.`,
  );
}
