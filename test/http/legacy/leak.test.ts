/**
 * Two principals, two sessions, one Redis: neither ever gets the other's events, by any id it has seen or can think of.
 */
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { text } from "../../mcp-adapters/fake-registry.ts";
import { hasRedis } from "../redis/redis-server.ts";
import { startInstances, type Instance } from "./cluster.ts";
import { allEvents, call, events, get, open, post, type WireEvent } from "./wire.ts";

const tools = {
  secret: (
    args: Readonly<Record<string, unknown>>,
    link: { progress?: (done: number, total?: number, message?: string) => void },
  ) => {
    link.progress?.(1, 2, args["word"] as string);
    return text(args["word"]);
  },
};

/** Whom a session is of, what it names itself with, and what it has seen. */
interface Party {
  readonly word: string;
  readonly session: Record<string, string>;
  readonly seen: WireEvent[];
}

const updated = (word: string) =>
  ({ jsonrpc: "2.0", method: "notifications/resources/updated", params: { uri: `x://${word}` } }) as const;

describe.skipIf(!hasRedis)("a session's events are nobody else's", () => {
  let set: Awaited<ReturnType<typeof startInstances>>;
  let here: Instance;
  let there: Instance;
  let alice: Party;
  let bob: Party;

  async function party(name: string, at: Instance): Promise<Party> {
    const word = `only-${name}`;
    const session = await open(at.url, { "x-principal": name });
    const listening = new AbortController();
    const own = events(await get(at.url, session, listening.signal));
    const first = (await own.next()).value as WireEvent;
    const seen = await allEvents(await post(at.url, call(1, "secret", { word }, "t"), session));
    await at.endpoint.notify(session["mcp-session-id"] as string, updated(word));
    seen.push(first, (await own.next()).value as WireEvent);
    listening.abort();
    return { word, session, seen };
  }

  beforeAll(async () => {
    set = await startInstances(2, { tools });
    [here, there] = set.instances as [Instance, Instance];
    // On both instances, so that the same streams and counters have been used for both.
    alice = await party("alice", here);
    bob = await party("bob", there);
    await delay(50);
  });
  afterAll(() => set.close());

  it("each sees its own", async () => {
    const own = [alice, bob].map(({ word, seen }) => seen.filter(({ data }) => data.includes(word)).length);
    expect(own).toEqual([3, 3]);
    const again = async (at: Instance) => {
      const replayed = await get(at.url, { ...alice.session, "last-event-id": alice.seen[0]?.id as string });
      return (await allEvents(replayed)).map(({ data }) => data);
    };
    const rest = alice.seen.slice(1, 3).map(({ data }) => data);
    expect([await again(here), await again(there)]).toEqual([rest, rest]);
  });

  /** The ids that a thief knows, and what can be made of them. */
  function guessesOf(thief: Party, owner: Party): string[] {
    const tag = (of: Party) => of.seen[0]?.id?.split(".")[0] as string;
    const fromSeen = owner.seen.flatMap(({ id = "" }) => {
      const [, stream, seq] = id.split(".");
      return [
        id,
        `${tag(thief)}.${stream}.${seq}`,
        `${tag(thief)}.${stream}.0`,
        `${tag(owner)}.${stream}.0`,
        `.${stream}.0`,
        `${stream}.0`,
        `${stream}_0`,
      ];
    });
    return [
      ...fromSeen,
      "_GET_stream",
      "_GET_stream_0",
      `${tag(thief)}._GET_stream.0`,
      `${tag(owner)}.get.0`,
      "get.0",
      "0",
      "0-0",
      "*",
      "",
      "../get.0",
      `${owner.session["mcp-session-id"]}.get.0`,
    ];
  }

  /** What an instance answers to an id: refused, or the thief's own standalone stream from its beginning. */
  async function resume(at: Instance, session: Record<string, string>, id: string) {
    const stopped = new AbortController();
    const answer = await get(at.url, { ...session, "last-event-id": id }, stopped.signal);
    if (answer.status !== 200) return { id, status: answer.status, text: await answer.text() };
    setTimeout(() => stopped.abort(), 60);
    return { id, status: 200, text: JSON.stringify(await allEvents(answer).catch(() => [])) };
  }

  it.each([
    ["bob's", () => ({ thief: alice, owner: bob })],
    ["alice's", () => ({ thief: bob, owner: alice })],
  ])("and by no id %s", async (_whose, parties) => {
    const { thief, owner } = parties();
    const disguised = { ...owner.session, "x-principal": thief.session["x-principal"] as string };
    const answers: Awaited<ReturnType<typeof resume>>[] = [];
    for (const at of [here, there])
      for (const id of guessesOf(thief, owner))
        answers.push(await resume(at, thief.session, id), await resume(at, disguised, id));
    expect(answers.filter(({ text: got }) => got.includes(owner.word))).toEqual([]);
    expect(answers.filter(({ status }) => ![200, 400, 404].includes(status))).toEqual([]);
    expect(answers.length).toBeGreaterThan(100);
  });

  it("nor by cancelling, answering or ending what is the other's", async () => {
    const mine = { ...alice.session, "x-principal": "bob" };
    expect(
      (await post(here.url, { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 1 } }, mine))
        .status,
    ).toBe(404);
    expect((await fetch(here.url, { method: "DELETE", headers: mine })).status).toBe(404);
    expect((await post(here.url, { jsonrpc: "2.0", id: 1, method: "ping" }, alice.session)).status).toBe(200);
  });
});
