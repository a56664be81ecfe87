/** Somebody else publishes in Redis: messages of every wrong kind, against real instances. */
import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createSignedMessages } from "../../../src/http/redis/signed-messages.ts";
import { createTrust } from "../../../src/http/redis/trust.ts";
import { call, events, open, post } from "../legacy/wire.ts";
import { hasRedis } from "./redis-server.ts";
import {
  attacker,
  channels,
  countDropped,
  lines,
  one,
  expectBothServe,
  two,
  useHostileRedis,
} from "./hostile-cluster.ts";

useHostileRedis();

const FORGED = (session: string) => ({
  answer: { kind: "answer", number: 1, id: 1, scope: session, response: { jsonrpc: "2.0", id: 1, result: {} } },
  ended: { kind: "ended", sessionId: session },
  cancel: { kind: "cancel", scope: session, id: 1 },
  notify: { kind: "notify", sessionId: session, data: '{"jsonrpc":"2.0","method":"evil"}' },
  resumed: { kind: "resumed", key: { scope: session, stream: "x" }, head: { owner: "x", id: 1, tool: "x" } },
});

const NOT_MESSAGES = [
  "",
  "null",
  "not json",
  "{",
  "[]",
  "0",
  '"x"',
  '{"from":"x"}',
  '{"from":"x","message":null}',
  '{"__proto__":{"polluted":true},"from":"x","message":{"__proto__":{"polluted":true}}}',
  `${"A".repeat(43)}x 1 1\n{}`,
  "A".repeat(43),
  "\u0000\uffff".repeat(1_000),
  "9".repeat(1_000_000),
];

describe.skipIf(!hasRedis)("a message on an instance's channel", () => {
  it("of any wrong form ends nothing, is counted, and logged once", async () => {
    for (const channel of await channels())
      for (const text of NOT_MESSAGES) await attacker.client.publish(channel, text);
    for (const instance of [one, two])
      await expect.poll(() => countDropped(instance)["message"], { timeout: 10_000 }).toBe(2 * NOT_MESSAGES.length);
    expect(lines.filter(([, text]) => text.includes("a message in Redis is not this server's"))).toHaveLength(2);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    await expectBothServe();
  });

  it("that is forged answers no question, ends no session and cancels no call", async () => {
    const session = await open(one.url, {}, { elicitation: { form: {} } });
    const id = session["mcp-session-id"] as string;
    const response = await post(one.url, call(1, "asks"), session);
    const stream = events(response);
    // The first event primes the stream.
    await stream.next();
    const asked = (await stream.next()).value as { readonly data: string };
    const question = JSON.parse(asked.data) as Record<string, unknown>;
    const [, number, questionId] = String(question["id"]).split(".").map(Number) as [number, number, number];
    const stolen = createSignedMessages(createTrust({ encryptionKey: Buffer.alloc(32, 9) }).macKey, "evil");
    let sent = 0;
    for (const channel of await channels()) {
      for (const message of Object.values(FORGED(id))) {
        const text = JSON.stringify({ ...message, ...("number" in message && { number, id: questionId }) });
        const envelopes = [
          JSON.stringify({ from: "evil", message: JSON.parse(text) as unknown }),
          stolen.close(channel, text),
          createHmac("sha256", "").update(text).digest("base64url") + `evil 1 ${Date.now()}\n${text}`,
        ];
        for (const envelope of envelopes) sent += await attacker.client.publish(channel, envelope);
      }
    }
    const dropped = () => (countDropped(one)["message"] ?? 0) + (countDropped(two)["message"] ?? 0);
    await expect.poll(dropped, { timeout: 10_000 }).toBe(sent);
    await post(one.url, { jsonrpc: "2.0", id: question["id"], result: { action: "decline" } }, session);
    const rest: Record<string, unknown>[] = [];
    for await (const { data } of stream) if (data !== "") rest.push(JSON.parse(data) as Record<string, unknown>);
    expect(rest).toEqual([
      expect.objectContaining({
        id: 1,
        result: expect.objectContaining({ content: [{ type: "text", text: '{"action":"decline"}' }] }),
      }),
    ]);
  });

  it("is not taken twice, nor on another channel, nor long after, nor long before", () => {
    const trust = createTrust({ encryptionKey: null });
    let now = 1_000_000;
    const sender = createSignedMessages(trust.macKey, "sender", { now: () => now });
    const receiver = createSignedMessages(trust.macKey, "receiver", { now: () => now });
    const text = sender.close("c", "payload");
    expect(receiver.open("d", text)).toEqual({ fault: "not authentic" });
    expect(receiver.open("c", text)).toEqual({ from: "sender", payload: "payload" });
    expect(receiver.open("c", text)).toEqual({ fault: "came before" });
    const late = sender.close("c", "payload");
    now += 400_000;
    expect(receiver.open("c", late)).toEqual({ fault: expect.stringContaining("too old") as string });
    const early = createSignedMessages(trust.macKey, "ahead", { now: () => now + 400_000 }).close("c", "payload");
    expect(receiver.open("c", early)).toEqual({ fault: expect.stringContaining("clocks differ") as string });
  });

  it("is not taken with any one character changed", () => {
    const trust = createTrust({ encryptionKey: null });
    const text = createSignedMessages(trust.macKey, "sender").close("c", "payload");
    const changed = [...text].map(
      (character, at) => text.slice(0, at) + (character === "A" ? "B" : "A") + text.slice(at + 1),
    );
    const taken = changed.filter((one) => !("fault" in createSignedMessages(trust.macKey, "receiver").open("c", one)));
    expect(taken).toEqual([]);
    expect(changed.length).toBeGreaterThan(50);
  });

  it.each<[title: string, beforeStartMs: number, taken: boolean]>([
    ["kept from before an instance started, and sent to it again", 6_000, false],
    ["kept for almost as long as clocks may differ", 299_000, false],
    ["of an instance whose clock is a little behind", 4_000, true],
    ["of an instance whose clock is ahead", -60_000, true],
  ])("%s", (_title, beforeStartMs, taken) => {
    const trust = createTrust({ encryptionKey: null });
    const start = 1_000_000_000;
    const text = createSignedMessages(trust.macKey, "sender", { now: () => start - beforeStartMs }).close(
      "c",
      "payload",
    );
    const options = { now: () => start };
    const started = createSignedMessages(trust.macKey, "started", options);
    const onItsOwn = createSignedMessages(trust.macKey, "started", { ...options, isOwnChannel: true });
    expect(started.open("c", text)).toEqual(
      taken ? { from: "sender", payload: "payload" } : { fault: "from before this instance's start" },
    );
    // Nobody could have made it before for a channel that is new, so a clock that is behind is none of its concern.
    expect(onItsOwn.open("c", text)).toEqual({ from: "sender", payload: "payload" });
  });
});
