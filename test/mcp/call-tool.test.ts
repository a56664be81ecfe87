import { describe, expect, test, vi } from "vitest";
import { createCatalogue } from "../../src/catalog/lookup.ts";
import type { PolicyInput } from "../../src/catalog/policy.ts";
import { PortkeyMcpError } from "../../src/errors/errors.ts";
import { createCallTool } from "../../src/mcp/tools/call-tool.ts";
import { createCheck } from "../../src/portkey/request/check.ts";
import type { ElicitOutcome } from "../../src/mcp/registry.ts";
import { createRequestStateCodec } from "../../src/mcp/modern/request-state.ts";
import { createSpentStates } from "../../src/mcp/modern/spent-states.ts";
import { Round } from "../../src/mcp/modern/rounds.ts";
import type { RegistryParts } from "../../src/mcp/parts.ts";
import { ANSWER, localCaller, makeParts, promptRecord } from "./parts.ts";
import { link } from "./client-link.ts";

describe("a call that succeeds", () => {
  test("gives what was given, and shows what was answered", async () => {
    const { parts, callRecord } = makeParts();
    const args = { prompt_id: "p1", more: { a: null } };
    const caller = localCaller();
    const result = await createCallTool(parts)("get_prompt", args, caller, link());
    expect(result).toEqual({
      content: [{ type: "text", text: '{"id":"p1","name":null}' }],
      _meta: { "portkey/status": 200, "portkey/requestId": "req-1", "portkey/traceId": "trace-1" },
    });
    const [record, given, context] = callRecord.mock.calls[0]!;
    expect(record.name).toBe("get_prompt");
    expect(given).toBe(args);
    expect(context.credentials).toBe(caller.credentials);
  });

  test("hands the client's signal and progress on", async () => {
    const { parts, callRecord } = makeParts();
    const client = link({ progress: vi.fn() });
    await createCallTool(parts)("list_prompts", {}, localCaller(), client);
    expect(callRecord.mock.calls[0]![2]).toMatchObject({ signal: client.signal, progress: client.progress });
  });

  test("by an older name says so beside the answer", async () => {
    const result = await createCallTool(makeParts().parts)("fetch_prompt", { prompt_id: "p1" }, localCaller(), link());
    expect(result.content).toEqual([
      { type: "text", text: '{"id":"p1","name":null}' },
      { type: "text", text: "Note: fetch_prompt is called get_prompt now; both names work." },
    ]);
    expect(result._meta).toMatchObject({ "portkey/alias": "fetch_prompt", "portkey/tool": "get_prompt" });
  });

  test("with warnings shows them beside the answer", async () => {
    const { parts } = makeParts({ callRecord: async () => ({ ...ANSWER, warnings: ["type: unlisted value"] }) });
    const result = await createCallTool(parts)("list_prompts", {}, localCaller(), link());
    expect(result.content[1]).toEqual({ type: "text", text: "Warning: type: unlisted value" });
    expect(result._meta).toMatchObject({ "portkey/warnings": ["type: unlisted value"] });
  });

  test.each([
    ["text as it came", { body: "plain" }, "plain"],
    ["ready text as it is", { body: { a: 1 }, text: '{"a":1.0}' }, '{"a":1.0}'],
    ["a list", { body: [1, null] }, "[1,null]"],
    ["nothing as nothing", { body: undefined }, ""],
  ])("sends %s", async (_title, outcome, text) => {
    const { parts } = makeParts({ callRecord: async () => outcome });
    expect(await createCallTool(parts)("list_prompts", undefined, localCaller(), link())).toEqual({
      content: [{ type: "text", text }],
    });
  });

  test("in the sandbox says so", async () => {
    const { parts } = makeParts({ sandbox: true });
    expect((await createCallTool(parts)("list_prompts", {}, localCaller(), link()))._meta).toMatchObject({
      sandbox: true,
    });
    expect(
      (await createCallTool(parts)("delete_prompt", {}, localCaller({ readOnly: true }), link()))._meta,
    ).toMatchObject({ sandbox: true });
  });

  test("answers with structure only where the shape is declared", async () => {
    const composites = { "promote-prompt": async () => async () => ({ action: "created" }) };
    const result = await createCallTool(makeParts({ composites }).parts)(
      "promote_prompt",
      { source_prompt_id: "p1" },
      localCaller(),
      link(),
    );
    expect(result).toEqual({
      content: [{ type: "text", text: '{"action":"created"}' }],
      structuredContent: { action: "created" },
    });
  });

  test.each([
    [{ action: "created" }, ["w"]],
    [{ action: "created", warnings: ["own"] }, ["own", "w"]],
    [{ action: "created", warnings: ["w"] }, ["w"]],
    [{ action: "created", warnings: "theirs" }, "theirs"],
  ])("warnings stand in the structure of %j too", async (body, warnings) => {
    const { parts } = makeParts({ composites: { "promote-prompt": async () => async () => body } });
    const check: RegistryParts["check"] = async (record, args) => ({
      ...(await parts.check(record, args)),
      warnings: ["w"],
    });
    const call = createCallTool({ ...parts, check });
    const result = await call("promote_prompt", { source_prompt_id: "p1" }, localCaller(), link());
    expect(result.structuredContent).toEqual({ action: "created", warnings });
    expect(result.content[0]).toEqual({ type: "text", text: JSON.stringify(body) });
    expect(result.content[1]).toEqual({ type: "text", text: "Warning: w" });
  });
});

describe("a call that fails", () => {
  test("by an unknown name is the request's fault, and names what is close", async () => {
    const { parts, onCall } = makeParts();
    const call = createCallTool(parts)("list_promts", {}, localCaller(), link());
    await expect(call).rejects.toMatchObject({
      code: "UNKNOWN_TOOL",
      message: 'There is no tool "list_promts". Did you mean list_prompts?',
    });
    expect(onCall).not.toHaveBeenCalled();
  });

  test("never names a tool that is hidden from the caller", async () => {
    const call = createCallTool(makeParts().parts)("delete_promptt", {}, localCaller({ readOnly: true }), link());
    await expect(call).rejects.not.toThrow(/delete_prompt[^t]/);
  });

  test("does not repeat a name without end", async () => {
    const call = createCallTool(makeParts().parts)("x".repeat(100_000), {}, localCaller(), link());
    await expect(call).rejects.toThrow(/^There is no tool "x{64}…"\. tools\/list has the names\.$/);
  });

  const hidden: [string, PolicyInput, string, string][] = [
    ["by read-only", { readOnly: true }, "delete_prompt", "PORTKEY_READ_ONLY"],
    ["by domain", { domains: ["prompts"] }, "list_configs", "PORTKEY_TOOL_DOMAINS"],
    ["by name", { tools: ["!get_*"] }, "get_prompt", "PORTKEY_TOOLS"],
    ["by name, called by an older one", { tools: ["!get_*"] }, "fetch_prompt", "PORTKEY_TOOLS"],
  ];
  test.each(hidden)("because it is hidden %s names the setting", async (_title, input, tool, setting) => {
    const { parts, callRecord, onCall } = makeParts();
    const result = await createCallTool(parts)(tool, {}, localCaller(input), link());
    expect(result).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining(setting) }],
      _meta: { "portkey/code": "NOT_ALLOWED", "portkey/setting": setting },
    });
    expect(callRecord).not.toHaveBeenCalled();
    expect(onCall).toHaveBeenCalledWith(expect.objectContaining({ outcome: "not_allowed", code: "NOT_ALLOWED" }));
  });

  test("at Portkey tells Portkey's facts", async () => {
    const error = new PortkeyMcpError("PORTKEY", "Portkey answered 404.", {
      status: 404,
      errorCode: "AB02",
      requestId: "req-2",
      body: "secret?",
    });
    const { parts, onCall } = makeParts({ callRecord: async () => Promise.reject(error) });
    expect(await createCallTool(parts)("get_prompt", { prompt_id: "p1" }, localCaller(), link())).toEqual({
      content: [{ type: "text", text: "Portkey answered 404." }],
      isError: true,
      _meta: {
        "portkey/code": "PORTKEY",
        "portkey/status": 404,
        "portkey/errorCode": "AB02",
        "portkey/requestId": "req-2",
      },
    });
    expect(onCall).toHaveBeenCalledWith(
      expect.objectContaining({ outcome: "error", code: "PORTKEY", status: 404, requestId: "req-2" }),
    );
  });

  test.each([
    ["update_prompt", false, /Nothing was sent\.$/],
    ["update_prompt", true, /Whether a request was sent is unknown: read the object with list_prompts/],
    ["get_prompt", false, /It only reads: it is safe to call get_prompt again\.$/],
    ["get_prompt", true, /It only reads: it is safe to call get_prompt again\.$/],
  ])("through a defect says what may have become of %s: %s", async (tool, isOut, word) => {
    const { parts } = makeParts({
      callRecord: async (_record, _args, { onKey }) => {
        if (isOut) onKey?.("admin");
        throw new RangeError("too much");
      },
    });
    const { content } = await createCallTool(parts)(tool, {}, localCaller(), link());
    expect(content[0]?.["text"]).toMatch(word);
  });

  test("through a defect of a tool that takes no key may have been sent", async () => {
    const keyless = promptRecord("register_client", { risk: "update", method: "POST", key: "none" });
    const { parts } = makeParts({
      catalogue: createCatalogue([keyless], [{ name: keyless.name, description: "", inputSchema: {} }]),
    });
    const callRecord = async () => Promise.reject(new RangeError("too much"));
    const { content } = await createCallTool({ ...parts, callRecord })("register_client", {}, localCaller(), link());
    expect(content[0]?.["text"]).toContain("Whether a request was sent is unknown");
  });

  test("through a defect shows none of it", async () => {
    const defect = new TypeError("cannot read pk-hush");
    const { parts, onCall, onDefect } = makeParts({ callRecord: async () => Promise.reject(defect) });
    const result = await createCallTool(parts)("get_prompt", {}, localCaller(), link());
    expect(result).toMatchObject({ isError: true, _meta: { "portkey/code": "DEFECT" } });
    expect(JSON.stringify(result)).not.toContain("hush");
    expect(onDefect).toHaveBeenCalledWith(defect, "get_prompt");
    expect(onCall).toHaveBeenCalledWith(expect.objectContaining({ outcome: "defect" }));
  });

  test("for now, because a person is asked and the client comes again, is recorded as that", async () => {
    const codec = createRequestStateCodec("secret");
    const round = new Round({
      codec,
      spent: createSpentStates(),
      principal: "p",
      method: "tools/call",
      params: {},
      state: undefined,
      responses: {},
    });
    const elicit = (message: string, requestedSchema: object) =>
      round.ask({ method: "elicitation/create", params: { message, requestedSchema } }) as Promise<ElicitOutcome>;
    const { parts, onCall, callRecord } = makeParts({
      confirm: async ({ link: asking }) => void (await asking.elicit?.("Sure?", {})),
    });
    const call = createCallTool(parts)(
      "delete_prompt",
      { prompt_id: "p1" },
      localCaller(),
      link({ signal: round.signal, elicit }),
    );
    await expect(round.run(async () => ({ ...(await call) }))).resolves.toMatchObject({ resultType: "input_required" });
    await call;
    expect(onCall).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ outcome: "asked", targets: { prompt_id: "p1" } }),
    );
    expect(callRecord).not.toHaveBeenCalled();
  });

  test("because it was cancelled says so, whatever was thrown", async () => {
    const controller = new AbortController();
    const { parts, onCall, onDefect } = makeParts({
      callRecord: async () => {
        controller.abort();
        throw new Error("aborted on the way");
      },
    });
    const result = await createCallTool(parts)("list_prompts", {}, localCaller(), link({ signal: controller.signal }));
    expect(result).toMatchObject({ isError: true, _meta: { "portkey/code": "CANCELLED" } });
    expect(onCall).toHaveBeenCalledWith(expect.objectContaining({ outcome: "cancelled" }));
    expect(onDefect).not.toHaveBeenCalled();
  });

  test("before it began sends nothing", async () => {
    const { parts, callRecord } = makeParts();
    const result = await createCallTool(parts)(
      "list_prompts",
      {},
      localCaller(),
      link({ signal: AbortSignal.abort() }),
    );
    expect(result).toMatchObject({ isError: true, _meta: { "portkey/code": "CANCELLED" } });
    expect(callRecord).not.toHaveBeenCalled();
  });

  test.each([[[1]], ["x"], [5]])("for arguments that are %j", async (args) => {
    const { parts } = makeParts({ check: createCheck() });
    const result = await createCallTool(parts)("list_prompts", args, localCaller(), link());
    expect(result).toMatchObject({ isError: true, _meta: { "portkey/code": "BAD_INPUT" } });
  });
});

describe("confirmation", () => {
  test("comes before the call, and its refusal in place of it", async () => {
    const confirm = vi.fn(async () => Promise.reject(new PortkeyMcpError("DECLINED", "Declined.")));
    const { parts, callRecord, onCall } = makeParts({ confirm });
    const args = { prompt_id: "p1" };
    expect(await createCallTool(parts)("delete_prompt", args, localCaller(), link())).toMatchObject({
      isError: true,
      _meta: { "portkey/code": "DECLINED" },
    });
    expect(confirm).toHaveBeenCalledWith(
      expect.objectContaining({ record: expect.objectContaining({ name: "delete_prompt" }), args }),
    );
    expect(callRecord).not.toHaveBeenCalled();
    expect(onCall).toHaveBeenCalledWith(expect.objectContaining({ outcome: "declined" }));
  });

  test("is not asked for what the policy refuses, or for a dry run", async () => {
    const confirm = vi.fn(async () => {});
    const callTool = createCallTool(makeParts({ confirm }).parts);
    await callTool("delete_prompt", {}, localCaller({ readOnly: true }), link());
    await callTool("delete_prompt", { dry_run: true }, localCaller(), link());
    expect(confirm).not.toHaveBeenCalled();
  });
});

test("the record of a call says who did what to what, and no more", async () => {
  const { parts, onCall } = makeParts();
  await createCallTool(parts)(
    "update_prompt",
    { prompt_id: "p1", string: "a secret template", dry_run: true },
    localCaller(),
    link(),
  );
  expect(onCall.mock.calls).toEqual([
    [
      {
        tool: "update_prompt",
        domain: "prompts",
        risk: "update",
        method: "PUT",
        principal: "local",
        outcome: "ok",
        status: 200,
        requestId: "req-1",
        durationMs: expect.any(Number),
        dryRun: true,
        targets: { prompt_id: "p1" },
      },
    ],
  ]);
});

describe("the kind of Portkey key that was sent", () => {
  const sending = (fail: boolean) =>
    makeParts({
      callRecord: async (_record, _args, context) => {
        context.onKey?.("admin");
        if (fail) throw new PortkeyMcpError("PORTKEY", "Portkey answered 403.", { status: 403 });
        return ANSWER;
      },
    });

  test.each([false, true])("stands in the result and the call's record; failed: %s", async (fail) => {
    const { parts, onCall } = sending(fail);
    const result = await createCallTool(parts)("list_prompts", {}, localCaller(), link());
    expect(result._meta?.["portkey/key"]).toBe("admin");
    expect(onCall).toHaveBeenCalledWith(expect.objectContaining({ key: "admin" }));
  });

  test("is not invented where nothing was sent", async () => {
    const { parts, onCall } = makeParts();
    const result = await createCallTool(parts)("list_prompts", {}, localCaller({ domains: ["keys"] }), link());
    expect(result._meta).not.toHaveProperty("portkey/key");
    expect(onCall.mock.calls[0]?.[0]?.key).toBeUndefined();
  });
});
