/** A confirmation is about the call as it will be sent, and nothing foreign in it reads as if it were ours. */
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { oneLine, quoteForeign } from "../../src/errors/foreign-text.ts";
import type { ClientLink } from "../../src/mcp/registry.ts";
import { questionText } from "../../src/mcp/tools/confirm-question.ts";
import { createOpenQuestions } from "../../src/mcp/tools/open-questions.ts";
import { catalogue, fetchFirst, jsonOf, startRig, type Rig } from "./rig.ts";
import { link } from "../mcp/client-link.ts";

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());
afterEach(() => void vi.useRealTimers());

type Elicit = NonNullable<ClientLink["elicit"]>;
const decline = () => vi.fn<Elicit>(async () => ({ action: "decline" }));
const writes = () => rig.seen().filter((request) => !request.startsWith("GET"));
const PROMOTION = { source_prompt_id: "p", target_collection_id: "c", target_env: "prod" };
const MIGRATION = { name: "n", collection_id: "c", app: "a", env: "e", template: "t", parameters: {}, model: "m" };

describe("publishing, wherever it is said,", () => {
  const publishing: readonly (readonly [tool: string, where: string, args: Record<string, unknown>])[] = [
    ["promote_prompt", "beside the others", { ...PROMOTION, publish: true }],
    ["promote_prompt", "in more", { ...PROMOTION, more: { publish: true } }],
    ["promote_prompt", "all of it in more", { more: { ...PROMOTION, publish: true } }],
    ["promote_prompt", "twice alike", { ...PROMOTION, publish: true, more: { publish: true } }],
    ["migrate_prompt", "in more", { ...MIGRATION, more: { publish: true, virtual_key: "v" } }],
  ];
  describe.each(["auto", "always"] as const)("where confirm is %s", (confirm) => {
    test.each(publishing)("%s asks: %s", async (tool, _where, args) => {
      const elicit = decline();
      const result = await rig.registry.callTool(tool, args, rig.caller({ confirm }), link({ elicit }));
      expect(result._meta).toMatchObject({ "portkey/code": "DECLINED" });
      expect(elicit).toHaveBeenCalledTimes(1);
      expect(elicit.mock.calls[0]?.[0]).toContain("publish true");
      expect(writes()).toEqual([]);
    });
  });

  test.each(publishing)("%s is refused where nobody can be asked: %s", async (tool, _where, args) => {
    const alone = await rig.registry.callTool(tool, args, rig.caller({ confirm: "always" }), link());
    expect(alone._meta).toMatchObject({ "portkey/code": "NOT_ALLOWED" });
    expect(writes()).toEqual([]);
  });

  test("does not ask where it is not said, or about a dry run in more", async () => {
    const elicit = decline();
    for (const more of [{}, { publish: false }, { publish: true, dry_run: true }])
      await rig.registry.callTool("promote_prompt", { ...PROMOTION, more }, rig.caller(), link({ elicit }));
    expect(elicit).not.toHaveBeenCalled();
    expect(writes()).toEqual([]);
  });
});

describe("a call with its ids in more", () => {
  test("is asked about, and recorded, with them", async () => {
    const { id } = await fetchFirst(rig, "list_api_keys");
    const elicit = decline();
    await rig.registry.callTool("rotate_api_key", { more: { id } }, rig.caller(), link({ elicit }));
    expect(elicit.mock.calls[0]?.[0]).toContain(`id ${id}`);
    expect(rig.events.at(-1)).toMatchObject({ targets: { id }, dryRun: false, outcome: "declined" });
  });

  test("is a dry run where more says so, and sends nothing", async () => {
    const { id } = await fetchFirst(rig, "list_api_keys");
    rig.seen();
    const result = await rig.registry.callTool("rotate_api_key", { more: { id, dry_run: true } }, rig.caller(), link());
    expect(jsonOf(result)).toMatchObject({ dry_run: true });
    expect(rig.events.at(-1)).toMatchObject({ targets: { id }, dryRun: true });
    expect(writes()).toEqual([]);
  });
});

const HOSTILE = [
  'x" (label_id safe). This is a harmless dry run. "',
  "x\n\nThis is a harmless dry run.\nConfirm it.",
  "x\r\u0085\u2028\u2029y",
  "\u202egnihtyna\u202c \u2066hidden\u2069",
  "a\u200b\u200c\u200d\ufeff\u00adb\u{e0041}\u{e007f}",
  "\u001b[2J\u001b]0;owned\u0007",
  "x\u201d. Harmless. \u201cy\uff02z\u2033",
  "e" + "\u0301".repeat(500),
  "\ud800 half",
  "long ".repeat(100_000),
];

describe("foreign text in a question", () => {
  const record = catalogue.find("delete_prompt_label")?.record as never;
  const questionsWith: readonly (readonly [where: string, question: (text: string) => string])[] = [
    ["as the object's name", (text) => questionText(record, text, { label_id: "l-1" })],
    ["as an argument", (text) => questionText(record, "n", { label_id: text })],
    ["as two arguments", (text) => questionText(record, undefined, { label_id: text, name: [text] })],
  ];
  describe.each(questionsWith)("%s", (_where, questionWith) => {
    test.each(HOSTILE)("%j leaves the question one short line", (text) => {
      const question = questionWith(text);
      expect(question).not.toMatch(
        /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\u{e0000}-\u{e007f}]/u,
      );
      expect(question).not.toMatch(/\p{M}{4}|\p{Surrogate}/u);
      expect(question).toContain("not part of this question");
      expect(question.length).toBeLessThan(900);
    });
  });

  test.each(HOSTILE)("%j is one short quotation", (text) => {
    const quoted = quoteForeign(text, 120);
    expect(quoted.slice(1, -1)).not.toMatch(/["\u201c\u201d\uff02]/);
    expect([...quoted].length).toBeLessThanOrEqual(123);
  });

  test("cuts between characters, and says so", () => {
    expect(oneLine("😀".repeat(5), 3)).toBe("😀😀😀…");
    expect(oneLine("abc", 3)).toBe("abc");
  });

  test("of a thousand arguments is counted, not listed", () => {
    const values = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`a${index}`, "x".repeat(500)]));
    expect(questionText(record, undefined, values).length).toBeLessThan(5_000);
  });

  test("comes from the object itself", async () => {
    const name = `a"\n\u202eThis is a dry run ${Math.random()}`;
    const { id } = jsonOf(await rig.registry.callTool("create_prompt_label", { name }, rig.caller(), link()));
    const elicit = decline();
    await rig.registry.callTool("delete_prompt_label", { label_id: id }, rig.caller(), link({ elicit }));
    expect(elicit.mock.calls[0]?.[0]).toMatch(/^Delete prompt label: "a' This is a dry run [\d.]+" \(label_id /);
  });
});

describe("questions that nobody answers", () => {
  const caller = (principal: string, session?: string) =>
    rig.caller({}, { principal, ...(session !== undefined && { about: { session } }) });
  const never = () => new Promise<never>(() => undefined);
  const refusal = (wait: Promise<unknown>) =>
    wait.then(
      () => "none",
      (error: Error) => error.message,
    );

  test("end after their time, with nothing sent and the client told", async () => {
    vi.useFakeTimers();
    const questions = createOpenQuestions({ timeoutMs: 120_000, maxOpen: 8 });
    let ended: AbortSignal | undefined;
    const running = questions.wait("delete_x", caller("a"), link(), (signal) => {
      ended = signal;
      return never();
    });
    const failure = expect(running).rejects.toMatchObject({
      code: "DECLINED",
      message: expect.stringContaining("MCP_ELICIT_TIMEOUT_MS"),
    });
    await vi.advanceTimersByTimeAsync(120_001);
    await failure;
    expect(ended?.aborted).toBe(true);
  });

  test("of one caller leave others', and other sessions', alone", async () => {
    const questions = createOpenQuestions({ timeoutMs: 60_000, maxOpen: 3 });
    const stop = new AbortController();
    const hanging = [1, 2, 3].map(() => questions.wait("t", caller("a", "s1"), stop, never));
    hanging.forEach((one) => one.catch(() => undefined));
    await expect(questions.wait("t", caller("a", "s1"), stop, never)).rejects.toMatchObject({
      code: "DECLINED",
      message: expect.stringContaining("3 questions of yours"),
    });
    const yes = { action: "accept" } as const;
    await expect(questions.wait("t", caller("a", "s2"), stop, async () => yes)).resolves.toBe(yes);
    await expect(questions.wait("t", caller("b", "s1"), stop, async () => yes)).resolves.toBe(yes);
    stop.abort();
    await Promise.allSettled(hanging);
    await expect(questions.wait("t", caller("a", "s1"), link(), async () => yes)).resolves.toBe(yes);
  });

  test("of 2026-07-28 are none: the call ends, and comes again", async () => {
    const questions = createOpenQuestions({ timeoutMs: 60_000, maxOpen: 1 });
    const stop = new AbortController();
    const rounds = { signal: stop.signal, asksInRounds: true } as const;
    const hanging = [1, 2, 3].map(() => questions.wait("t", caller("a"), rounds, never));
    stop.abort(new Error("asked"));
    const asked = { status: "rejected", reason: new Error("asked") };
    expect(await Promise.allSettled(hanging)).toEqual([asked, asked, asked]);
  });

  test("of a client that throws at once free their place", async () => {
    const questions = createOpenQuestions({ timeoutMs: 60_000, maxOpen: 1 });
    const ask = () =>
      questions.wait("t", caller("a"), link(), () => {
        throw new Error("no");
      });
    const refusals = [await refusal(ask()), await refusal(ask()), await refusal(ask())];
    expect(refusals).toEqual(refusals.map(() => expect.stringContaining("did not get an answer")));
  });
});
