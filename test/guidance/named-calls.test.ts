/** A name in the place of an id: what a person confirms, what is audited and what discover mode calls is the id. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { fetchFirst, jsonOf, startRig, textOf, type Rig } from "./rig.ts";
import { link } from "../mcp/client-link.ts";

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

const accept = (questions: string[]) =>
  link({
    elicit: async (message) => {
      questions.push(message);
      return { action: "accept", content: { confirm: true } };
    },
  });

test("the question and the audit line show the id", async () => {
  const key = await fetchFirst(rig, "list_api_keys");
  const questions: string[] = [];
  const args = { id: `name:${key["name"]}` };
  const result = await rig.registry.callTool("delete_api_key", args, rig.caller(), accept(questions));
  expect(result.isError, textOf(result)).toBeUndefined();
  expect(questions[0]).toContain(`id ${key["id"]}`);
  expect(rig.events.at(-1)?.targets).toEqual({ id: key["id"] });
});

test("no question is asked about a name that is nobody's", async () => {
  const questions: string[] = [];
  const result = await rig.registry.callTool("delete_api_key", { id: "name:gone" }, rig.caller(), accept(questions));
  expect(textOf(result)).toContain('no API key is called exactly "gone"');
  expect(questions).toEqual([]);
});

test("discover mode's callers take names", async () => {
  const args = { name: "get_workspace", arguments: { more: { workspace_id: "name:Production" } } };
  const caller = rig.caller({ discover: true });
  const answer = jsonOf(await rig.registry.callTool("call_read_tool", args, caller, link()));
  expect(answer).toMatchObject({ name: "Production" });
});
