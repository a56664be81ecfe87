/** create_workspace: members with roles become members after the creation, which itself takes ids alone. */
import { isObject, type Json } from "../../catalog/json.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import type { Composite } from "../composite.ts";
import { Journal } from "../steps/journal.ts";
import { objectIn, objectsIn, textOf } from "../values/portkey-values.ts";

export const composite: Composite<"create-workspace"> = async (args, context) => {
  const { users, ...others } = args;
  const list = Array.isArray(users) ? (users as readonly unknown[]) : [];
  const members = objectsIn(list);
  const plain = list.filter((user) => !isObject(user));
  const takesUsers = users !== undefined && (plain.length > 0 || members.length === 0);
  const asked = { ...others, ...(takesUsers && { users: plain }) };
  const journal = new Journal(context);
  const answer = await journal.write("create_workspace", asked, ({ body }) => ({ workspace_id: objectIn(body)["id"] }));
  const created = objectIn(answer?.body);
  const workspace = textOf(created["id"]) ?? textOf(created["slug"]) ?? "<the new workspace>";
  const adding = { workspace_id: workspace, users: members };
  if (members.length > 0) {
    try {
      if (answer !== undefined && created["id"] === undefined && created["slug"] === undefined) throw unknownId();
      await journal.write("add_workspace_member", adding);
    } catch (error) {
      const rest = { tool: "add_workspace_member", arguments: adding };
      return { ...wholeBody(answer?.body), ...journal.partialResult(error, rest) };
    }
  }
  if (context.dryRun) return { dry_run: true, would_send: journal.planned };
  return { ...wholeBody(answer?.body), ...(members.length > 0 && { members_added: members.length }) };
};

function wholeBody(body: unknown): Json {
  return isObject(body) ? body : {};
}

function unknownId(): PortkeyMcpError {
  return new PortkeyMcpError("PORTKEY", "Portkey's answer names no id: list_workspaces has it.");
}
