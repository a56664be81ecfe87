/**
 * Two principals, two sessions, one Redis: neither ever gets the other's events, by any id it has seen or can think of.
 */
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
    await new Promise((resolve) => setTimeout(resolve, 50));
  });
  afterAll(() => set.close());

  it("each sees its own", async () => {
    for (const { word, seen } of [alice, bob]) expect(seen.filter(({ data }) => data.includes(word))).toHaveLength(3);
    for (const at of [here, there]) {
      const again = await allEvents(
        await get(at.url, { ...alice.session, "last-event-id": alice.seen[0]?.id as string }),
      );
      expect(again.map(({ data }) => data)).toEqual(alice.seen.slice(1, 3).map(({ data }) => data));
    }
  });

  it("and by no id the other's", async () => {
    const tag = (of: Party) => of.seen[0]?.id?.split(".")[0] as string;
    for (const [thief, owner] of [
      [alice, bob],
      [bob, alice],
    ] as const) {
      const ids = owner.seen.map(({ id }) => id as string);
      const guesses = ids.flatMap((id) => {
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
      guesses.push(
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
      );
      for (const at of [here, there]) {
        for (const guess of guesses) {
          for (const session of [
            thief.session,
            { ...owner.session, "x-principal": thief.session["x-principal"] as string },
          ]) {
            const stopped = new AbortController();
            const answer = await get(at.url, { ...session, "last-event-id": guess }, stopped.signal);
            // The thief's own standalone stream, from its beginning, is its own; everything else is refused.
            if (answer.status === 200) {
              setTimeout(() => stopped.abort(), 60);
              const got = await allEvents(answer).catch(() => []);
              expect([guess, JSON.stringify(got).includes(owner.word)]).toEqual([guess, false]);
            } else
              expect([guess, [400, 404].includes(answer.status), (await answer.text()).includes(owner.word)]).toEqual([
                guess,
                true,
                false,
              ]);
          }
        }
      }
    }
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
