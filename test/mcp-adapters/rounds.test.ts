import { describe, expect, it } from "vitest";
import { createModernHandler } from "../../src/mcp/modern/modern-http.ts";
import { createRequestStateCodec } from "../../src/mcp/modern/request-state.ts";
import type { Registry } from "../../src/mcp/registry.ts";
import { CALLER, callerNamed, fakeRegistry, text, type Behaviour } from "./fake-registry.ts";
import { modernRequest } from "./modern-request.ts";

const SCHEMA = { type: "object", properties: { sure: { type: "boolean" } } };
const ALL = { elicitation: {}, sampling: {}, roots: {} };
const YES = { action: "accept", content: { sure: true } };

/** Calls the tool `ask`, round by round. */
function client(ask: Behaviour, registry: Registry = fakeRegistry({ ask })) {
  const handler = createModernHandler(registry, { requestState: createRequestStateCodec("secret") });
  return async (params: Record<string, unknown> = {}, caller = CALLER, capabilities: Record<string, unknown> = ALL) => {
    const { request, body } = modernRequest("tools/call", { name: "ask", arguments: {}, ...params }, capabilities);
    return (await (await handler.handle(request, body, caller)).json()) as {
      result?: { resultType?: string; inputRequests: object; requestState?: string; content?: unknown };
      error?: { code: number; message: string };
    };
  };
}

const confirm: Behaviour = async (_args, link) => text(await link.elicit?.("Sure?", SCHEMA));
const KEY = "elicitation/create#1";

describe("a question in 2026-07-28", () => {
  it("ends the call with input_required and is answered by the same call with the answer", async () => {
    const call = client(confirm);
    const first = await call();
    expect(first.result).toMatchObject({
      resultType: "input_required",
      inputRequests: {
        [KEY]: { method: "elicitation/create", params: { mode: "form", message: "Sure?", requestedSchema: SCHEMA } },
      },
      requestState: expect.any(String),
    });
    const second = await call({ inputResponses: { [KEY]: YES }, requestState: first.result?.requestState });
    expect(second.result?.content).toEqual(text(YES).content);
  });

  it("is not offered to a client that cannot answer", async () => {
    const call = client((_args, link) => text([typeof link.elicit, typeof link.sample, typeof link.roots]));
    expect((await call({}, CALLER, {})).result?.content).toEqual(text(["undefined", "undefined", "undefined"]).content);
    expect((await call({}, CALLER, { elicitation: { url: {} } })).result?.content).toEqual(
      text(["undefined", "undefined", "undefined"]).content,
    );
    expect((await call({}, CALLER, ALL)).result?.content).toEqual(text(["function", "function", "function"]).content);
  });

  it.each([
    ["is missing", {}],
    ["is to another question", { inputResponses: { other: YES } }],
    ["is a number", { inputResponses: { [KEY]: 7 } }],
    ["is wrapped into a message", { inputResponses: { [KEY]: { method: "elicitation/create", result: YES } } }],
    ["comes without its state", { inputResponses: { [KEY]: YES }, requestState: undefined }],
  ])("is asked again where the answer %s", async (_what, retry) => {
    const call = client(confirm);
    const requestState = (await call()).result?.requestState;
    const again = await call({ requestState, ...retry });
    expect(again.result).toMatchObject({ resultType: "input_required", inputRequests: { [KEY]: {} } });
  });

  it("is asked again where it is no longer the same question", async () => {
    let message = "Delete 1 key?";
    const call = client(async (_args, link) => text(await link.elicit?.(message, SCHEMA)));
    const requestState = (await call()).result?.requestState;
    message = "Delete 9 keys?";
    const again = await call({ requestState, inputResponses: { [KEY]: YES } });
    expect(again.result).toMatchObject({
      resultType: "input_required",
      inputRequests: { [KEY]: { params: { message: "Delete 9 keys?" } } },
    });
  });

  const stolen: readonly (readonly [
    string,
    (state: string | undefined) => [Record<string, unknown>, typeof CALLER],
  ])[] = [
    ["for other arguments", (requestState) => [{ requestState, arguments: { id: "other" } }, CALLER]],
    ["by another principal", (requestState) => [{ requestState }, callerNamed("bob")]],
    ["changed", (requestState) => [{ requestState: `${requestState}-TAMPERED` }, CALLER]],
    ["as a number", () => [{ requestState: 7 }, CALLER]],
  ];
  it.each(stolen)("does not take a state used %s", async (_how, use) => {
    const call = client(confirm);
    const [params, caller] = use((await call()).result?.requestState);
    expect((await call({ ...params, inputResponses: { [KEY]: YES } }, caller)).error).toMatchObject({
      code: -32602,
      message: "Invalid or expired requestState",
    });
  });

  it("does not take a changed state from a client that declares nothing either", async () => {
    expect((await client(confirm)({ requestState: "AAAA" }, CALLER, {})).error?.code).toBe(-32602);
  });

  it("with a key of its own takes an answer without state, and ignores answers nobody asked for", async () => {
    const call = client(async (_args, link) => text(await link.elicit?.("Name?", SCHEMA, "user_name")));
    const answered = await call({ inputResponses: { user_name: YES, other: YES } });
    expect(answered.result?.content).toEqual(text(YES).content);
  });
});

describe("several questions in 2026-07-28", () => {
  it("asked together go out together", async () => {
    const call = client(async (_args, link) =>
      text(
        await Promise.all([
          link.elicit?.("Name?", SCHEMA),
          link.sample?.({ messages: [], maxTokens: 1 }),
          link.roots?.(),
        ]),
      ),
    );
    const first = await call();
    expect(Object.keys(first.result?.inputRequests as object)).toEqual([
      "elicitation/create#1",
      "sampling/createMessage#1",
      "roots/list#1",
    ]);
    const inputResponses = {
      "elicitation/create#1": YES,
      "sampling/createMessage#1": { role: "assistant", content: [] },
      "roots/list#1": { roots: [] },
    };
    const last = await call({ requestState: first.result?.requestState, inputResponses });
    expect(last.result?.content).toEqual(text(Object.values(inputResponses)).content);
  });

  it("asked one after the other keep the earlier answers", async () => {
    let runs = 0;
    const call = client(async (_args, link) => {
      runs += 1;
      return text([await link.elicit?.("First?", SCHEMA), await link.elicit?.("Second?", SCHEMA)]);
    });
    const first = await call();
    const second = await call({
      requestState: first.result?.requestState,
      inputResponses: { "elicitation/create#1": YES },
    });
    expect(Object.keys(second.result?.inputRequests as object)).toEqual(["elicitation/create#2"]);
    const no = { action: "decline" };
    const third = await call({
      requestState: second.result?.requestState,
      inputResponses: { "elicitation/create#2": no },
    });
    expect([third.result?.content, runs]).toEqual([text([YES, no]).content, 3]);
  });

  it("end the run that waits: its signal aborts and its question rejects", async () => {
    const seen: unknown[] = [];
    const call = client(async (_args, link) => {
      link.signal.addEventListener("abort", () => seen.push("aborted"));
      await link.elicit?.("Sure?", SCHEMA).catch((error: { code: string }) => {
        seen.push(error.code);
        throw error;
      });
      return text("never");
    });
    expect((await call()).result?.resultType).toBe("input_required");
    expect(seen.sort()).toEqual(["CANCELLED", "aborted"]);
  });

  it("are asked by prompts too", async () => {
    const base = fakeRegistry();
    const registry: Registry = {
      ...base,
      getPrompt: async (_n, _a, _c, link) => ({
        messages: [],
        description: (await link.elicit?.("Which?", SCHEMA))?.action,
      }),
    };
    const handler = createModernHandler(registry, { requestState: createRequestStateCodec("secret") });
    const get = async (extra: object) => {
      const { request, body } = modernRequest("prompts/get", { name: "greet", ...extra }, ALL);
      return ((await (await handler.handle(request, body, CALLER)).json()) as { result: Record<string, unknown> })
        .result;
    };
    const { requestState } = await get({});
    expect(await get({ requestState, inputResponses: { [KEY]: YES } })).toMatchObject({
      messages: [],
      description: "accept",
    });
  });
});
