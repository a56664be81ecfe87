import { describe, expect, test } from "vitest";
import { composite } from "../../src/composites/tools/run-prompt-completion.ts";
import type { CompositeContext } from "../../src/composites/composite.ts";
import { fakeContext } from "./fake-context.ts";
import { server, useSandboxServer } from "./use-sandbox-server.ts";

const metadata = { client_id: "acme", app: "Bücher 🚀", env: "dev", project_id: "p" };

describe("in the sandbox", () => {
  useSandboxServer();
  const run = (more = {}, options = {}) =>
    server.call(
      "run_prompt_completion",
      { prompt_id: "support-reply-dev", variables: { question: "Why?" }, metadata, ...more },
      options,
    );

  test.each([false, true])("streamed: %s, the whole answer comes back", async (stream) => {
    const reports: number[] = [];
    const { body, isError } = await run({ stream }, { progress: (done: number) => reports.push(done) });
    expect(isError).toBe(false);
    expect(body).toMatchObject({
      object: "chat.completion",
      model: "gpt-4o-mini",
      choices: [{ index: 0, message: { role: "assistant", content: "Sandbox answer: Why?" }, finish_reason: "stop" }],
      usage: { total_tokens: expect.any(Number) },
      trace_id: expect.stringMatching(/^[\w-]{36}$/),
    });
    expect(server.sent[0]?.body).toEqual({
      variables: { question: "Why?" },
      ...(stream ? { stream } : { stream: false }),
    });
    if (stream) expect(reports.length).toBeGreaterThan(2);
  });

  test("streamed and in one piece are the same answer", async () => {
    const [whole, pieces] = [await run(), await run({ stream: true })].map(({ body }) => ({
      ...body,
      trace_id: "",
      created: 0,
      choices: JSON.parse(JSON.stringify(body["choices"]).replaceAll(',"logprobs":null', "")) as unknown,
    }));
    expect(pieces).toEqual(whole);
  });

  test("metadata goes in the header as ASCII, and arrives", async () => {
    await run();
    const header = String(server.sent[0]?.headers.get("x-portkey-metadata"));
    expect(header).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(header)).toEqual(metadata);
  });

  test.each([
    [{ _user: "u-1", environment: "production" }, []],
    [{}, []],
    [{ app: 7, tags: ["a"] }, ["app is a number; Portkey keeps strings.", "tags is an array; Portkey keeps strings."]],
  ])("any metadata goes out, as %j does", async (free, warnings) => {
    const { body, isError } = await run({ metadata: free });
    expect(isError).toBe(false);
    expect(body["warnings"] ?? []).toEqual(warnings);
    expect(JSON.parse(String(server.sent[0]?.headers.get("x-portkey-metadata")))).toEqual(free);
  });

  test.each([[undefined], [null]])("no metadata at all (%s) runs, and sends none", async (none) => {
    const { body, isError } = await run({ metadata: none });
    expect(isError).toBe(false);
    expect(body["warnings"]).toBeUndefined();
    expect(server.sent[0]?.headers.has("x-portkey-metadata")).toBe(false);
  });

  test("a dry run shows the request with its header", async () => {
    const { body } = await run({ dry_run: true, stream: true });
    expect(body).toMatchObject({
      dry_run: true,
      would_send: [
        {
          method: "POST",
          headers: { "x-portkey-metadata": expect.stringContaining("client_id") },
          body: { stream: true },
        },
      ],
    });
    expect(server.sent).toEqual([]);
  });

  test("an error of Portkey's stays an error when streaming", async () => {
    const { isError, text } = await run({ stream: true, prompt_id: "nope" });
    expect(isError).toBe(true);
    expect(text).toContain("404");
  });
});

describe("settings", () => {
  const run = (given: unknown, settings: Record<string, string>) =>
    composite(
      { prompt_id: "p", variables: {}, metadata: given as Record<string, unknown> },
      fakeContext({}, { settings }).context,
    );

  test.each([
    [undefined, { PORTKEY_METADATA_REQUIRED: "app" }, /nothing was sent\. metadata\.app is missing/],
    [{ app: 7 }, { PORTKEY_METADATA_REQUIRED: "app" }, /metadata\.app must be a string/],
    [
      { client_id: "a" },
      { PORTKEY_METADATA_REQUIRED: "client_id,app,env" },
      /app is missing.*metadata\.env is missing/,
    ],
    [{ env: "dev" }, { PORTKEY_METADATA_ALLOWED_ENVS: "production" }, /metadata\.env "dev" is not allowed/],
  ])("%j is refused under %j before anything is sent", async (given, settings, message) => {
    await expect(run(given, settings)).rejects.toThrow(message);
  });
});

describe("a stream that goes wrong keeps what had arrived", () => {
  const chunk = (content: string) =>
    `data: ${JSON.stringify({ id: "c", choices: [{ index: 0, delta: { content }, finish_reason: null }] })}\n\n`;
  const answering = (
    body: ReadableStream<Uint8Array> | string,
    type = "text/event-stream",
  ): Partial<CompositeContext> => ({
    open: async () => new Response(body, { headers: { "content-type": type, "x-portkey-trace-id": "t1" } }),
  });
  const run = (more: Partial<CompositeContext>) =>
    composite({ prompt_id: "p", variables: {}, stream: true, metadata }, fakeContext({}, more).context);
  let pulled = 0;
  const broken = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled += 1;
      if (pulled > 1) controller.error(new Error("socket hang up"));
      else controller.enqueue(new TextEncoder().encode(chunk("Half")));
    },
  });

  test.each<[string, () => Partial<CompositeContext>, RegExp]>([
    ["broken off", () => answering(broken), /broke off: socket hang up/],
    ["ended early", () => answering(chunk("Half")), /ended before the answer did/],
    [
      "with an error event",
      () => answering(`${chunk("Half")}data: {"error":{"message":"overloaded"}}\n\n`),
      /overloaded/,
    ],
  ])("%s", async (_title, more, message) => {
    expect(await run(more())).toMatchObject({
      choices: [{ message: { content: "Half" } }],
      trace_id: "t1",
      failed: { tool: "run_prompt_completion", message: expect.stringMatching(message) },
      next: expect.stringContaining("paid"),
    });
  });

  test("a stream without [DONE] whose choices all ended is whole", async () => {
    const last = { id: "c", choices: [{ index: 0, delta: {}, finish_reason: "stop" }] };
    const text = `${chunk("All")}data: ${JSON.stringify(last)}\n\n`;
    expect(await run(answering(text))).not.toHaveProperty("failed");
  });

  test("an answer that is no stream is taken as it is", async () => {
    expect(await run(answering('{"choices":[]}', "application/json"))).toEqual({ choices: [], trace_id: "t1" });
  });

  test("one that breaks off is told as that, and a cancelled call stays one", async () => {
    const breaking = () =>
      new ReadableStream<Uint8Array>({
        pull: (controller) => controller.error(new Error("other side closed")),
      });
    await expect(run(answering(breaking(), "application/json"))).rejects.toMatchObject({
      code: "UNREACHABLE",
      message: expect.stringMatching(/the answer broke off\. other side closed The prompt was run, and is paid for/),
    });
    const cancelled = { ...answering(breaking(), "application/json"), signal: AbortSignal.abort() };
    await expect(run(cancelled)).rejects.toThrow(/^other side closed$/);
  });

  test("without a way to open a stream it is sent unstreamed", async () => {
    const { context, calls } = fakeContext({ run_prompt_completion: { choices: [] } });
    await composite({ prompt_id: "p", variables: {}, stream: true, metadata }, context);
    expect(calls[0]?.args).toEqual({ prompt_id: "p", variables: {}, stream: false });
  });
});
