/** Confirmations that no person gave to this very call, once: none of them may carry anything out. */
import { setTimeout as delay } from "node:timers/promises";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createRedisSpentStates } from "../../src/http/redis/spent-states.ts";
import { connectRedis } from "../../src/http/redis/link.ts";
import { silentLog } from "../../src/log/log.ts";
import { createLegacyServer } from "../../src/mcp/legacy/legacy.ts";
import { createRequestStateCodec, STATE_TTL_MS } from "../../src/mcp/modern/request-state.ts";
import { createSpentStates } from "../../src/mcp/modern/spent-states.ts";
import { startRedis } from "../http/redis/redis-server.ts";
import { instanceOf, YES, type Answered, type Instance } from "./modern-caller.ts";
import { fetchFirst, jsonOf, startRig, type Rig } from "./rig.ts";
import { link } from "../mcp/client-link.ts";

let rig: Rig;
let label = "";
let other = "";
const newLabel = async () =>
  jsonOf(await rig.registry.callTool("create_prompt_label", { name: `l ${Math.random()}` }, rig.caller(), link()))
    .id as string;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());
beforeEach(async () => {
  [label, other] = [await newLabel(), await newLabel()];
  rig.seen();
});
const writes = () => rig.seen().filter((request) => !request.startsWith("GET"));
const removal = (label_id: string) => ({ name: "delete_prompt_label", arguments: { label_id } });

type Asked = { readonly requestState: string; readonly key: string };
const changed = (text: string, at: number) =>
  `${text.slice(0, at)}${text[at] === "A" ? "B" : "A"}${text.slice(at + 1)}`;

describe("a state that does not fit", () => {
  const forged: readonly (readonly [string, (state: string) => unknown])[] = [
    ["changed in its first character", (state) => changed(state, 0)],
    ["changed in its middle", (state) => changed(state, state.length >> 1)],
    ["changed in its last character", (state) => changed(state, state.length - 3)],
    ["cut", (state) => state.slice(0, -4)],
    ["longer", (state) => `${state}AAAA`],
    ["twice", (state) => state + state],
    ["reversed", (state) => [...state].reverse().join("")],
    ["with a line break", (state) => `${state}\n`],
    ["in other base64", (state) => `${Buffer.from(state, "base64url").toString("base64")}==`],
    ["empty", () => ""],
    ["a number", () => 7],
    ["null", () => null],
    ["true", () => true],
    ["an object", (state) => ({ state })],
    ["a list", (state) => [state]],
    ["a name of Object's prototype", () => "constructor"],
    [
      "sealed with another secret",
      () => createRequestStateCodec("other").seal({ asked: {}, answered: {} }, JSON.stringify(["local"])),
    ],
  ];
  test.each(forged)("confirms nothing: %s", async (_what, forge) => {
    const instance = instanceOf(rig);
    const { requestState, key } = await instance.ask(removal(label));
    const sent = { ...removal(label), requestState: forge(requestState), inputResponses: { [key]: YES } };
    await instance.call(sent);
    expect(writes()).toEqual([]);
  });

  test("confirms nothing: left out", async () => {
    const instance = instanceOf(rig);
    const { key } = await instance.ask(removal(label));
    await instance.call({ ...removal(label), inputResponses: { [key]: YES } });
    expect(writes()).toEqual([]);
  });

  test("confirms nothing: expired", async () => {
    let time = Date.now();
    const instance = instanceOf(
      rig,
      createRequestStateCodec("secret", () => time),
    );
    const { requestState, key } = await instance.ask(removal(label));
    time += STATE_TTL_MS + 1;
    await instance.call({ ...removal(label), requestState, inputResponses: { [key]: YES } });
    expect(writes()).toEqual([]);
  });
});

describe("an answer that is none", () => {
  const answers: readonly (readonly [string, unknown])[] = [
    ["an action in capitals", { action: "ACCEPT", content: { confirm: true } }],
    ["an action with a space", { action: "accept ", content: { confirm: true } }],
    ["no action", { content: { confirm: true } }],
    ["an action of Object's prototype", { action: "constructor", content: { confirm: true } }],
    ["a list as action", { action: ["accept"], content: { confirm: true } }],
    ["a declined yes", { action: "decline", content: { confirm: true } }],
    ["a cancelled yes", { action: "cancel", content: { confirm: true } }],
    ["no content", { action: "accept" }],
    ["null as content", { action: "accept", content: null }],
    ["a word", { action: "accept", content: { confirm: "true" } }],
    ["a number", { action: "accept", content: { confirm: 1 } }],
    ["a list", { action: "accept", content: { confirm: [true] } }],
    ["an object", { action: "accept", content: { confirm: { confirm: true } } }],
    ["another name", { action: "accept", content: { Confirm: true } }],
    ["a list as content", { action: "accept", content: [true] }],
    ["a yes in the prototype", JSON.parse('{"action":"accept","content":{"__proto__":{"confirm":true}}}')],
    ["an answer in the prototype", JSON.parse('{"__proto__":{"action":"accept","content":{"confirm":true}}}')],
    ["a wrapped answer", { result: YES }],
    ["an answer with a method", { method: "elicitation/create", ...YES }],
    ["a list of answers", [YES]],
    ["a text", JSON.stringify(YES)],
    ["a plain true", true],
  ];
  test.each(answers)("%s", async (_what, answer) => {
    const instance = instanceOf(rig);
    const { requestState, key } = await instance.ask(removal(label));
    await instance.call({ ...removal(label), requestState, inputResponses: { [key]: answer } });
    expect(writes()).toEqual([]);
  });

  test.each(["elicitation/create#0", "elicitation/create#2", "sampling/createMessage#1", "__proto__", "", "confirm"])(
    "under the name %j",
    async (name) => {
      const instance = instanceOf(rig);
      const { requestState } = await instance.ask(removal(label));
      const responses = JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(YES)}}`) as object;
      await instance.call({ ...removal(label), requestState, inputResponses: responses });
      expect(writes()).toEqual([]);
    },
  );
});

describe("a yes to something else", () => {
  type Cross = (instance: Instance, asked: Asked) => Promise<Answered>;
  const answered = ({ requestState, key }: Asked) => ({ requestState, inputResponses: { [key]: YES } });
  const crossed: readonly (readonly [string, Cross])[] = [
    ["another object", (instance, asked) => instance.call({ ...removal(other), ...answered(asked) })],
    [
      "another tool",
      (instance, asked) =>
        instance.call({ name: "update_prompt_label", arguments: { label_id: label, name: "x" }, ...answered(asked) }),
    ],
    [
      "the same object, given in more",
      (instance, asked) =>
        instance.call({ name: "delete_prompt_label", arguments: { more: { label_id: other } }, ...answered(asked) }),
    ],
    [
      "the same object, with another beside it in more",
      (instance, asked) =>
        instance.call({
          name: "delete_prompt_label",
          arguments: { label_id: label, more: { label_id: other } },
          ...answered(asked),
        }),
    ],
    [
      "the same object, through call_destructive_tool",
      (instance, asked) =>
        instance.call({ name: "call_destructive_tool", arguments: removal(label), ...answered(asked) }),
    ],
    [
      "another principal's call",
      (instance, asked) =>
        instance.call({ ...removal(label), ...answered(asked) }, rig.caller({}, { principal: "mallory" })),
    ],
    [
      "the same principal's call with other keys",
      (instance, asked) =>
        instance.call({ ...removal(label), ...answered(asked) }, rig.caller({}, { binding: "another key" })),
    ],
    [
      "another method",
      (instance, asked) => instance.call({ ...removal(label), ...answered(asked) }, undefined, "prompts/get"),
    ],
  ];
  test.each(crossed)("%s", async (_what, cross) => {
    const instance = instanceOf(rig);
    await cross(instance, await instance.ask(removal(label)));
    expect(writes()).toEqual([]);
  });

  test("an object that has another name by now", async () => {
    const instance = instanceOf(rig);
    const asked = await instance.ask(removal(label));
    const renamed = { label_id: label, name: `renamed ${Math.random()}` };
    await rig.registry.callTool("update_prompt_label", renamed, rig.caller(), link());
    rig.seen();
    await instance.call({ ...removal(label), ...answered(asked) });
    expect(writes()).toEqual([]);
  });
});

describe("a yes that comes again", () => {
  /** Rotations can be repeated for ever, which makes each of them count. */
  const rotation = async () => {
    const { id } = await fetchFirst(rig, "list_api_keys");
    rig.seen();
    return { name: "rotate_api_key", arguments: { id } };
  };

  test("ten times after the other carries out one rotation", async () => {
    const [instance, call] = [instanceOf(rig), await rotation()];
    const { requestState, key } = await instance.ask(call);
    for (let count = 0; count < 10; count++)
      await instance.call({ ...call, requestState, inputResponses: { [key]: YES } });
    expect(writes()).toHaveLength(1);
  });

  test("ten times at once carries out one rotation", async () => {
    const [instance, call] = [instanceOf(rig), await rotation()];
    const { requestState, key } = await instance.ask(call);
    const again = { ...call, requestState, inputResponses: { [key]: YES } };
    const results = await Promise.all(Array.from({ length: 10 }, () => instance.call(again)));
    expect(writes()).toHaveLength(1);
    expect(results.filter(({ result }) => result?.["isError"] === true)).toHaveLength(9);
    expect(JSON.stringify(results)).toContain("has been used already");
  });

  test("beyond what can be remembered counts for nothing", async () => {
    const [instance, call] = [
      instanceOf(rig, createRequestStateCodec("secret"), createSpentStates(Date.now, 0)),
      await rotation(),
    ];
    const { requestState, key } = await instance.ask(call);
    await instance.call({ ...call, requestState, inputResponses: { [key]: YES } });
    expect(writes()).toEqual([]);
  });

  test("on other instances, or while Redis is away, carries out nothing more", async () => {
    const redis = await startRedis();
    const links = [0, 1, 2].map(() =>
      connectRedis({ url: redis.url, keyPrefix: "t" }, silentLog, { commandMs: 200, probeMs: 20 }),
    );
    try {
      await Promise.all(links.map((one) => one.waitUntilAvailable(5_000)));
      const instances = links.map((one) =>
        instanceOf(rig, createRequestStateCodec("secret"), createRedisSpentStates(one)),
      ) as [Instance, Instance, Instance];
      const call = await rotation();
      const { requestState, key } = await instances[0].ask(call);
      const again = { ...call, requestState, inputResponses: { [key]: YES } };
      await Promise.all([...instances, ...instances].map((instance) => instance.call(again)));
      expect(writes()).toHaveLength(1);

      const unused = await instances[1].ask(call);
      redis.pause();
      const { result } = await instances[2].call({
        ...call,
        requestState: unused.requestState,
        inputResponses: { [unused.key]: YES },
      });
      expect(JSON.stringify(result)).toContain("cannot be looked up now");
      expect(writes()).toEqual([]);
      redis.unpause();
    } finally {
      await Promise.all(links.map((one) => one.close()));
      await redis.close();
    }
  });
});

describe("in the legacy era", () => {
  /** Sends what a client would, and gives every message that comes back. */
  async function connect() {
    const [near, far] = InMemoryTransport.createLinkedPair();
    const received: Record<string, unknown>[] = [];
    near.onmessage = (message) => void received.push(message as Record<string, unknown>);
    await createLegacyServer(rig.registry, rig.caller()).connect(far);
    await near.start();
    const send = (message: object) => near.send({ jsonrpc: "2.0", ...message } as JSONRPCMessage);
    const params = {
      protocolVersion: "2025-11-25",
      capabilities: { elicitation: {} },
      clientInfo: { name: "t", version: "1" },
    };
    await send({ id: "i", method: "initialize", params });
    await send({ method: "notifications/initialized" });
    const question = () => received.find(({ method }) => method === "elicitation/create") as { id: number } | undefined;
    return { send, received, question, close: () => near.close() };
  }
  const until = (found: () => unknown) => expect.poll(() => found() !== undefined, { timeout: 5_000 }).toBe(true);

  const replies: readonly (readonly [string, (id: number) => object])[] = [
    ["with another number", (id) => ({ id: id + 1, result: YES })],
    ["with an error beside it", (id) => ({ id, error: { code: -32000, message: "yes" } })],
    ["without an action", (id) => ({ id, result: { content: { confirm: true } } })],
    ["with an unknown action", (id) => ({ id, result: { action: "yes", content: { confirm: true } } })],
    ["with a word", (id) => ({ id, result: { action: "accept", content: { confirm: "true" } } })],
  ];
  test.each(replies)("an answer %s", async (_what, reply) => {
    const { send, question, close } = await connect();
    await send({ id: 1, method: "tools/call", params: removal(label) });
    await until(question);
    await send(reply((question() as { id: number }).id));
    await delay(50);
    expect(writes()).toEqual([]);
    await close();
  });

  test("an answer before the question", async () => {
    const { send, question, close } = await connect();
    for (let id = 0; id < 5; id++) await send({ id, result: YES });
    await send({ id: 1, method: "tools/call", params: removal(label) });
    await until(question);
    expect(writes()).toEqual([]);
    await close();
  });

  test("one answer sent twice carries out one call of two", async () => {
    const { send, received, question, close } = await connect();
    await send({ id: 1, method: "tools/call", params: removal(label) });
    await send({ id: 2, method: "tools/call", params: removal(other) });
    await until(question);
    const { id } = question() as { id: number };
    for (let count = 0; count < 3; count++) await send({ id, result: YES });
    await until(() => received.find((message) => "result" in message && message["id"] !== "i"));
    await delay(50);
    expect(writes()).toHaveLength(1);
    await close();
  });
});
