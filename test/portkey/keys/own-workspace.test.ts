/** Which workspace a key is of: learned from answers, once, and never guessed. */
import { describe, expect, test } from "vitest";
import { PortkeyMcpError } from "../../../src/errors/errors.ts";
import { createOwnWorkspaces, type SendRead } from "../../../src/portkey/keys/own-workspace.ts";
import { args, record } from "../records.ts";

const WORKSPACES = record({ name: "list_workspaces", path: "/admin/workspaces", tellsWorkspace: "id" });
const WORKSPACE = record({
  name: "get_workspace",
  path: "/admin/workspaces/{workspaceId}",
  arguments: args("path", "workspace_id=workspaceId!"),
});
const KEYS = record({ name: "list_api_keys", path: "/api-keys", tellsWorkspace: "workspace_id" });
const RECORDS = [KEYS, WORKSPACE, WORKSPACES, record()];
const BOTH = { workspaceKey: "wk", adminKey: "ak" };
const forever = new AbortController().signal;

/** Answers by tool; an absent one is refused. */
function learner(answers: Record<string, unknown>, now?: () => number) {
  const asked: string[] = [];
  const send: SendRead = async ({ name }, given, { credentials }) => {
    asked.push([name, ...Object.values(given), ...Object.values(credentials)].join(" "));
    await new Promise((resolve) => setImmediate(resolve));
    if (!(name in answers)) throw new PortkeyMcpError("PORTKEY", "403", {});
    return { status: 200, body: answers[name], warnings: [] };
  };
  return { asked, own: createOwnWorkspaces(RECORDS, send, now) };
}

const learnt = async (answers: Record<string, unknown>, credentials: object = BOTH) => {
  const { own, asked } = learner(answers);
  const names = await own.learn(credentials, forever);
  return { names: names && [...names], asked };
};

describe("what the answers tell", () => {
  test("the one workspace that the workspace key sees, by id and slug", async () => {
    const { names, asked } = await learnt({ list_workspaces: { data: [{ id: "w1", slug: "production" }] } });
    expect(names).toEqual(["w1", "production"]);
    expect(asked).toEqual(["list_workspaces wk"]);
  });

  test("what its rows say, completed by the admin key", async () => {
    const answers = {
      list_api_keys: {
        data: [
          { id: "k", workspace_id: "w1" },
          { id: "l", workspace_id: "w1" },
        ],
      },
      get_workspace: { id: "w1", slug: "production" },
    };
    const { names, asked } = await learnt(answers);
    expect(names).toEqual(["w1", "production"]);
    expect(asked).toEqual(["list_workspaces wk", "list_api_keys wk", "get_workspace w1 ak"]);
  });

  test("what its rows say alone, where there is no admin key", async () =>
    expect((await learnt({ list_api_keys: [{ workspace_id: "w1" }] }, { workspaceKey: "wk" })).names).toEqual(["w1"]));

  test.each([
    ["several workspaces", { list_workspaces: { data: [{ id: "w1" }, { id: "w2" }] } }],
    ["rows of several workspaces", { list_api_keys: [{ workspace_id: "w1" }, { workspace_id: "w2" }] }],
    ["rows without one", { list_api_keys: [{ id: "k" }] }],
    ["a row that names it by id, and no workspace of that id", { list_api_keys: [{ workspace_id: "w1" }] }],
    ["empty lists", { list_workspaces: { data: [] }, list_api_keys: [] }],
    ["no list", { list_workspaces: { id: "w1" } }],
    ["nothing", {}],
  ])("%s: it is not known", async (_, answers) => expect((await learnt(answers)).names).toBeUndefined());
});

describe("asked once", () => {
  const answers = { list_workspaces: { data: [{ id: "w1" }] } };

  test("by calls at the same time, and after", async () => {
    const { own, asked } = learner(answers);
    expect(own.known(BOTH)).toBeUndefined();
    await Promise.all([own.learn(BOTH, forever), own.learn(BOTH, forever), own.learn({ ...BOTH }, forever)]);
    await own.learn(BOTH, forever);
    expect(asked).toHaveLength(1);
    expect([...(own.known(BOTH) ?? [])]).toEqual(["w1"]);
  });

  test("for each key", async () => {
    const { own, asked } = learner(answers);
    await own.learn(BOTH, forever);
    await own.learn({ ...BOTH, workspaceKey: "other" }, forever);
    expect(asked).toEqual(["list_workspaces wk", "list_workspaces other"]);
  });

  test("again after an hour, or a minute where it could not be learned", async () => {
    let time = 0;
    const known = learner(answers, () => time);
    const unknown = learner({}, () => time);
    for (time of [0, 59_000]) {
      await known.own.learn(BOTH, forever);
      await unknown.own.learn(BOTH, forever);
    }
    expect([known.asked.length, unknown.asked.length]).toEqual([1, 2]);
    time = 61_000;
    await unknown.own.learn(BOTH, forever);
    await known.own.learn(BOTH, forever);
    expect([known.asked.length, unknown.asked.length]).toEqual([1, 4]);
    time = 3_601_000;
    await known.own.learn(BOTH, forever);
    expect(known.asked).toHaveLength(2);
  });

  test("one call's end does not end it for the others", async () => {
    const { own, asked } = learner(answers);
    const ending = new AbortController();
    const cancelled = own.learn(BOTH, ending.signal);
    const other = own.learn(BOTH, forever);
    ending.abort();
    await expect(cancelled).rejects.toThrow("abort");
    expect([...((await other) ?? [])]).toEqual(["w1"]);
    expect(asked).toHaveLength(1);
  });
});
