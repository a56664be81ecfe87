/** What the tests of composites about people, workspaces and access begin with. */
import { expect } from "vitest";
import type { CallAnswer } from "./sandbox-server.ts";
import { server, useSandboxServer } from "./use-sandbox-server.ts";

export { server };

export type Json = Record<string, unknown>;

/** Registers the hooks of one file: a sandbox behind a server with both keys, as it was at the start in each test. */
export function useSandboxWithBothKeys(): void {
  useSandboxServer({ keys: "both" });
}

/** The rows of a list. */
export const listRows = async (tool: string, args: Json = {}) => {
  const { body } = await server.call(tool, args, { principal: "look" });
  return (body["data"] ?? body["workspaces"]) as Json[];
};
/** The id of the person with this address. */
export const findUserId = async (email: string) =>
  (await listRows("list_all_users")).find((user) => user["email"] === email)?.["id"] as string;
/** What a dry run would send. */
export const writesOf = ({ body }: CallAnswer) =>
  (body["would_send"] as Json[]).map(({ method, url }) => `${method} ${new URL(String(url)).pathname.slice(3)}`);

/** The same call again, and a dry run of it, change nothing. */
export async function expectSettled(tool: string, args: Json): Promise<void> {
  server.forget();
  const again = await server.call(tool, args);
  expect(again.body, again.text).toMatchObject({ action: "unchanged" });
  expect(server.writes()).toEqual([]);
  const dry = await server.call(tool, { ...args, dry_run: true });
  expect(dry.body).toMatchObject({ dry_run: true, action: "unchanged" });
}
