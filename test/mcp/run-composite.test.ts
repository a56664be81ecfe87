import { describe, expect, test, vi } from "vitest";
import type { PolicyInput } from "../../src/catalog/policy.ts";
import type { Composite, CompositeContext } from "../../src/composites/composite.ts";
import type { Answer } from "../../src/portkey/port.ts";
import { createCallTool } from "../../src/mcp/tools/call-tool.ts";
import { ANSWER, localCaller, makeParts } from "./parts.ts";
import { link } from "./client-link.ts";

/** Calls promote_prompt, whose composite is `composite`, where Portkey answers `answer`. */
function promoteWith(answer: Answer, composite: Composite) {
  const made = makeParts({ composites: { "promote-prompt": async () => composite } });
  made.send.mockResolvedValue(answer);
  const args = { source_prompt_id: "p1" };
  return { ...made, result: createCallTool(made.parts)("promote_prompt", args, localCaller({}), link()) };
}

/** Calls promote_prompt, whose composite is `composite`. */
function promote(composite: Composite, input: PolicyInput = {}, args: Record<string, unknown> = {}) {
  const made = makeParts({
    composites: { "promote-prompt": async () => composite },
    compositeSettings: { PORTKEY_METADATA_REQUIRED: "app" },
  });
  const result = createCallTool(made.parts)("promote_prompt", args, localCaller(input), link());
  return { ...made, result };
}

test("a composite is given its arguments, the dry run apart, and the settings", async () => {
  const composite = vi.fn<Composite>(async () => ({}));
  await promote(composite, {}, { source_prompt_id: "p1", dry_run: true }).result;
  const [args, context] = composite.mock.calls[0]!;
  expect(args).toEqual({ source_prompt_id: "p1" });
  expect(context).toMatchObject({ dryRun: true, settings: { PORTKEY_METADATA_REQUIRED: "app" } });
});

test("it calls, plans and lists plain tools by name", async () => {
  const { result, send, plan } = promote(async (_args, context) => ({
    called: await context.call("get_prompt", { prompt_id: "p1" }),
    planned: await context.plan("update_prompt", { prompt_id: "p1" }),
  }));
  expect(await result).toMatchObject({ structuredContent: { called: ANSWER, planned: { method: "PUT" } } });
  expect(send.mock.calls[0]!.slice(0, 2)).toMatchObject([{ name: "get_prompt" }, { prompt_id: "p1" }]);
  expect(plan.mock.calls[0]!.slice(0, 2)).toMatchObject([{ name: "update_prompt" }, { prompt_id: "p1" }]);
});

test("a later step that failed makes the call an error, with what was done before it", async () => {
  const { result, onCall } = promote(async () => ({ action: "created", failed: { step: "publish" } }));
  expect(await result).toEqual({
    content: [{ type: "text", text: '{"action":"created","failed":{"step":"publish"}}' }],
    structuredContent: { action: "created", failed: { step: "publish" } },
    isError: true,
  });
  expect(onCall).toHaveBeenCalledWith(expect.objectContaining({ outcome: "error" }));
});

describe("the caller's policy holds inside", () => {
  const write = async (_args: unknown, context: CompositeContext) => ({
    done: await context.call("update_prompt", {}),
  });
  const read = async (_args: unknown, context: CompositeContext) => ({ done: await context.call("list_configs", {}) });
  const cases: [string, Composite, PolicyInput, boolean][] = [
    ["a write under no restriction", write, {}, true],
    ["a write that an exclusion names", write, { tools: ["!update_prompt"] }, false],
    ["a write where only the composite is allowed by name", write, { tools: ["promote_prompt"] }, true],
    ["a read of a domain that the settings leave out", read, { domains: ["prompts"] }, false],
    ["a read of a domain that they name too", read, { domains: ["prompts", "configs"] }, true],
    ["a read by a composite of a profile, which is a choice of what to list", read, { profile: "core" }, true],
    ["a read that an exclusion names", read, { tools: ["!list_configs"] }, false],
  ];
  test.each(cases)("%s", async (_title, composite, input, allowed) => {
    const { result, send } = promote(composite, input);
    expect((await result).isError === true).toBe(!allowed);
    expect(send).toHaveBeenCalledTimes(allowed ? 1 : 0);
  });

  test("and the refusal names both tools and the setting", async () => {
    const { result } = promote(write, { tools: ["!update_prompt"] });
    expect(await result).toMatchObject({
      content: [{ text: "promote_prompt needs update_prompt for this. PORTKEY_TOOLS excludes update_prompt." }],
    });
  });
});

describe("a composite's own mistakes are defects", () => {
  const cases: [string, Composite, RegExp][] = [
    [
      "a write in a dry run",
      async (_args, context) => ({ done: await context.call("update_prompt", {}) }),
      /writes, in a dry run/,
    ],
    [
      "a tool that is none",
      async (_args, context) => ({ done: await context.call("nope", {}) }),
      /nope, which is no tool/,
    ],
  ];
  test.each(cases)("%s", async (_title, composite, message) => {
    const { result, send, onDefect } = promote(composite, {}, { dry_run: true });
    expect(await result).toMatchObject({ isError: true, _meta: { "portkey/code": "DEFECT" } });
    expect(onDefect).toHaveBeenCalledWith(
      expect.objectContaining({ message: expect.stringMatching(message) }),
      "promote_prompt",
    );
    expect(send).not.toHaveBeenCalled();
  });

  test("as is a record whose composite is missing", async () => {
    const { parts, onDefect } = makeParts({ composites: {} });
    expect(await createCallTool(parts)("promote_prompt", {}, localCaller(), link())).toMatchObject({ isError: true });
    expect(onDefect).toHaveBeenCalled();
  });
});

describe("all that one call reads has a bound of its own", () => {
  const large = { ...ANSWER, json: "x".repeat(8 * 1024 * 1024) };

  test("a read beyond it is not sent, and says so", async () => {
    const { result, send } = promoteWith(large, async (_args, { call }) => {
      for (let count = 0; count < 50; count++) await call("get_prompt", { prompt_id: "p1" });
      return {};
    });
    expect(JSON.stringify(await result)).toContain("what this call has read is more than 64 MB");
    expect(send).toHaveBeenCalledTimes(9);
  });

  test("whole lists count too, and a write after them is sent", async () => {
    const { result, send } = promoteWith({ ...large, body: [] }, async (_args, { call, callAll }) => {
      for (let count = 0; count < 9; count++) await callAll("list_prompts", {});
      await expect(callAll("list_prompts", {})).rejects.toThrow("64 MB");
      await call("update_prompt", { prompt_id: "p1" });
      return { written: true };
    });
    expect(await result).toMatchObject({ structuredContent: { written: true } });
    expect(send).toHaveBeenCalledTimes(10);
  });
});
