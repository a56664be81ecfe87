import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { PolicyInput } from "../../src/catalog/policy.ts";
import { createConfirm } from "../../src/mcp/tools/confirm.ts";
import { getterFor } from "../../src/mcp/tools/confirm-target.ts";
import type { ClientLink, ElicitOutcome } from "../../src/mcp/registry.ts";
import { catalogue, jsonOf, startRig, textOf, type Rig } from "./rig.ts";
import { link } from "../mcp/client-link.ts";

let rig: Rig;
let label = "";
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());
beforeEach(async () => {
  label = jsonOf(
    await rig.registry.callTool("create_prompt_label", { name: `canary ${Math.random()}` }, rig.caller(), link()),
  ).id;
  rig.seen();
});

type Elicit = NonNullable<ClientLink["elicit"]>;
const answers = (outcome: ElicitOutcome) => vi.fn<Elicit>(async () => outcome);
const YES: ElicitOutcome = { action: "accept", content: { confirm: true } };
const remove = (elicit: Elicit | undefined, args: object = {}, input: PolicyInput = {}) =>
  rig.registry.callTool(
    "delete_prompt_label",
    { label_id: label, ...args },
    rig.caller(input),
    link(elicit && { elicit }),
  );
const deletions = () => rig.seen().filter((request) => request.startsWith("DELETE"));

describe("a person who is asked", () => {
  test("sees what is about to be deleted, by name, and what that means", async () => {
    const elicit = answers(YES);
    expect(await remove(elicit)).not.toHaveProperty("isError");
    expect(elicit).toHaveBeenCalledTimes(1);
    const [question, form] = elicit.mock.calls[0] as Parameters<Elicit>;
    expect(question).toMatch(
      new RegExp(`^Delete prompt label: "canary 0\\.\\d+" \\(label_id ${label}\\)\\. Delete a prompt label\\.`),
    );
    expect(form).toMatchObject({ type: "object", properties: { confirm: { type: "boolean" } }, required: ["confirm"] });
    expect(deletions()).toEqual([`DELETE /labels/${label}`]);
  });

  test.each<[string, ElicitOutcome, string]>([
    ["declines", { action: "decline" }, "the person declined"],
    ["closes the question", { action: "cancel" }, "the person closed the question"],
    ["accepts without the tick", { action: "accept", content: { confirm: false } }, "did not confirm it"],
    ["accepts with nothing", { action: "accept" }, "did not confirm it"],
    ["accepts with a word", { action: "accept", content: { confirm: "yes" } }, "did not confirm it"],
  ])("and %s stops the call", async (_what, outcome, reason) => {
    const result = await remove(answers(outcome));
    expect(result).toMatchObject({ isError: true, _meta: { "portkey/code": "DECLINED" } });
    expect(textOf(result)).toContain(reason);
    expect(textOf(result)).toContain("Nothing was sent");
    expect(deletions()).toEqual([]);
    expect(rig.events.at(-1)).toMatchObject({ tool: "delete_prompt_label", outcome: "declined" });
  });

  test("is not asked about a call that cannot be made", async () => {
    const elicit = answers(YES);
    const result = await remove(elicit, { labelid: 1 });
    expect(result).toMatchObject({ isError: true, _meta: { "portkey/code": "BAD_INPUT" } });
    expect(elicit).not.toHaveBeenCalled();
    expect(rig.seen()).toEqual([]);
  });

  test("sees no secret, and no page of text", async () => {
    const elicit = answers({ action: "decline" });
    await rig.registry.callTool(
      "update_deployment",
      { deployment_id: "d", name: "n".repeat(500), auth_settings: { token: "a-very-secret-value" } },
      rig.caller(),
      link({ elicit }),
    );
    const [question] = elicit.mock.calls[0] as Parameters<Elicit>;
    expect(question).toContain(`${"n".repeat(120)}…`);
    expect(question).not.toContain("n".repeat(121));
    expect(question).toContain("auth_settings");
    expect(question).not.toContain("a-very-secret");
  });

  test("is asked without the object's name where the policy lets nobody read it", async () => {
    const elicit = answers({ action: "decline" });
    await remove(elicit, {}, { tools: ["delete_prompt_label"] });
    expect(elicit.mock.calls[0]?.[0]).toMatch(new RegExp(`^Delete prompt label \\(label_id ${label}\\)\\.`));
    expect(rig.seen()).toEqual([]);
  });

  test("is asked about an object that cannot be read, without its name", async () => {
    const elicit = answers({ action: "decline" });
    await rig.registry.callTool("delete_prompt_label", { label_id: "none" }, rig.caller(), link({ elicit }));
    expect(elicit.mock.calls[0]?.[0]).toMatch(/^Delete prompt label \(label_id none\)\./);
  });

  test("is asked through call_destructive_tool as well", async () => {
    const elicit = answers({ action: "decline" });
    const args = { name: "delete_prompt_label", arguments: { label_id: label } };
    expect(
      await rig.registry.callTool("call_destructive_tool", args, rig.caller({ discover: true }), link({ elicit })),
    ).toMatchObject({ isError: true });
    expect(elicit).toHaveBeenCalledTimes(1);
    expect(deletions()).toEqual([]);
  });

  test("is asked before a composite puts something live", async () => {
    const elicit = answers({ action: "decline" });
    const args = { source_prompt_id: "p", target_collection_id: "c", target_env: "prod" };
    const promote = (more: object) =>
      rig.registry.callTool("promote_prompt", { ...args, ...more }, rig.caller(), link({ elicit }));
    await promote({});
    await promote({ publish: true, dry_run: true });
    expect(elicit).not.toHaveBeenCalled();
    expect(await promote({ publish: true })).toMatchObject({ _meta: { "portkey/code": "DECLINED" } });
  });

  test.each<[publish: unknown, times: number]>([
    [true, 1],
    ["false", 1],
    [0, 1],
    [{}, 1],
    [false, 0],
    [null, 0],
    [undefined, 0],
  ])("is asked where publish is %j: %i times", async (publish, times) => {
    const elicit = answers(YES);
    const { record } = catalogue.find("promote_prompt") as NonNullable<ReturnType<typeof catalogue.find>>;
    const confirm = createConfirm({
      catalogue,
      portkey: { send: () => Promise.reject(new Error("nothing is read")) } as never,
      check: async (_record, args) => ({
        args: {},
        parsed: { values: args as Record<string, unknown>, dryRun: false },
        warnings: [],
      }),
    });
    await confirm({ record, args: { publish }, caller: rig.caller(), link: link({ elicit }) });
    expect(elicit).toHaveBeenCalledTimes(times);
  });
});

describe("nobody is asked", () => {
  test.each<[string, Parameters<typeof remove>[1], PolicyInput]>([
    ["for a dry run", { dry_run: true }, {}],
    ["with PORTKEY_CONFIRM=never", {}, { confirm: "never" }],
  ])("%s", async (_what, args, input) => {
    const elicit = answers({ action: "decline" });
    expect(await remove(elicit, args, input)).not.toHaveProperty("isError");
    expect(elicit).not.toHaveBeenCalled();
  });

  test.each(["list_configs", "create_prompt_label"])("for %s", async (tool) => {
    const elicit = answers({ action: "decline" });
    expect(
      await rig.registry.callTool(
        tool,
        tool === "list_configs" ? {} : { name: `n ${Math.random()}` },
        rig.caller({ confirm: "always" }),
        link({ elicit }),
      ),
    ).not.toHaveProperty("isError");
    expect(elicit).not.toHaveBeenCalled();
  });

  test("by a client that cannot, and the call goes on", async () => {
    expect(await remove(undefined)).not.toHaveProperty("isError");
    expect(deletions()).toHaveLength(1);
  });

  test("by a client that cannot, and PORTKEY_CONFIRM=always refuses", async () => {
    const result = await remove(undefined, {}, { confirm: "always" });
    expect(result).toMatchObject({
      isError: true,
      _meta: { "portkey/code": "NOT_ALLOWED", "portkey/setting": "PORTKEY_CONFIRM" },
    });
    expect(textOf(result)).toContain("cannot ask");
    expect(rig.seen()).toEqual([]);
  });
});

describe("a client that never answers", () => {
  test("ends with the call", async () => {
    const controller = new AbortController();
    const elicit = vi.fn<Elicit>(() => new Promise(() => undefined));
    const running = rig.registry.callTool("delete_prompt_label", { label_id: label }, rig.caller(), {
      signal: controller.signal,
      elicit,
    });
    await vi.waitFor(() => expect(elicit).toHaveBeenCalled());
    controller.abort();
    expect(await running).toMatchObject({ isError: true, _meta: { "portkey/code": "CANCELLED" } });
    expect(deletions()).toEqual([]);
  });

  test("or fails to ask, has not said yes", async () => {
    const result = await remove(vi.fn<Elicit>(async () => Promise.reject(new Error("Method not found"))));
    expect(result).toMatchObject({ isError: true, _meta: { "portkey/code": "DECLINED" } });
    expect(deletions()).toEqual([]);
  });
});

test.each([
  ["delete_prompt", "get_prompt"],
  ["publish_prompt", "get_prompt"],
  ["rotate_api_key", "get_api_key"],
  ["delete_integration_model", "get_integration"],
  ["reset_usage_limit_entity", "get_usage_limit"],
  ["remove_workspace_member", "get_workspace_member"],
  ["delete_agent_server", undefined],
])("%s is named by %s", (name, getter) => {
  expect(getterFor(catalogue.records, catalogue.find(name)?.record as never)?.name).toBe(getter);
});
