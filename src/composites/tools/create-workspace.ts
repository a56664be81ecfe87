/** create_workspace: users given with a role are added after the creation, which only takes ids. */
import { isObject, type Json } from "../../catalog/json.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import type { Composite } from "../composite.ts";
import { Journal } from "../steps/journal.ts";
import { readObject, filterObjects, asText } from "../values/portkey-values.ts";

export const composite: Composite<"create-workspace"> = async (args, context) => {
  const { users, ...others } = args;
  const list = Array.isArray(users) ? (users as readonly unknown[]) : [];
  const members = filterObjects(list);
  const plain = list.filter((user) => !isObject(user));
  const takesUsers = users !== undefined && (plain.length > 0 || members.length === 0);
  const asked = { ...others, ...(takesUsers && { users: plain }) };
  const journal = new Journal(context);
  const answer = await journal.write("create_workspace", asked, ({ body }) => ({
    workspace_id: readObject(body)["id"],
  }));
  const created = readObject(answer?.body);
  const workspace = asText(created["id"]) ?? asText(created["slug"]) ?? "<the new workspace>";
  const adding = { workspace_id: workspace, users: members };
  if (members.length > 0) {
    try {
      if (answer !== undefined && created["id"] === undefined && created["slug"] === undefined) throw unknownIdError();
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

function unknownIdError(): PortkeyMcpError {
  return new PortkeyMcpError("PORTKEY", "Portkey's answer names no id: list_workspaces has it.");
}
