/** The writer against a store that fails as Redis does: not at all, after the fact, or by losing what it had. */
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { LAST_SEQ } from "../../../src/http/events/event-id.ts";
import type { EventStore, StoredEvent } from "../../../src/http/events/event-store.ts";
import { createMemoryStore } from "../../../src/http/events/memory-store.ts";
import { StreamWriter } from "../../../src/http/events/stream-writer.ts";
import { WriteBuffer } from "../../../src/http/events/write-buffer.ts";
import { RedisAway } from "../../../src/http/redis/link.ts";
import { silentLog } from "../../../src/log/log.ts";

const KEY = { scope: "s", stream: "x".repeat(22) };
const HEAD = { owner: "i", id: 1, tool: "t" };
const BOUNDS = { maxEvents: 1_000, maxBytes: 1_000_000, ttlSeconds: 60 };

type Mood = "well" | "away" | "deaf" | "slow";

/** `deaf` does what it is told and does not say so; `slow` says so only once it is well again. */
function moody() {
  let inner = createMemoryStore(BOUNDS);
  const batches: (readonly StoredEvent[])[] = [];
  let mood: Mood = "well";
  const store: EventStore = {
    ...inner,
    async append(key, head, events, last) {
      await Promise.resolve();
      if (mood === "away") throw new RedisAway();
      batches.push(events);
      const taken = await inner.append(key, head, events, last);
      if (mood === "deaf") throw new RedisAway();
      while (mood === "slow") await delay(1);
      return taken;
    },
  };
  return {
    store,
    batches,
    be: (next: Mood) => void (mood = next),
    loseAll: () => void (inner = createMemoryStore(BOUNDS)),
    kept: async () => {
      const kept = await inner.read(KEY, 0);
      return {
        data: kept?.events.map(({ data }) => data),
        seqs: kept?.events.map(({ seq }) => seq),
        ended: kept?.ended,
      };
    },
    endElsewhere: () => inner.append(KEY, HEAD, [{ seq: LAST_SEQ, data: "theirs" }], true),
  };
}

function writing(store: EventStore, limits = { maxSize: 1_000, keepMs: 1_000 }, now?: () => number) {
  const buffer = new WriteBuffer(limits, now);
  return { buffer, writer: new StreamWriter({ store, buffer, log: silentLog }, KEY, HEAD) };
}

const settle = () => delay(5);

describe("a writer", () => {
  it("numbers at once, and sends what is said in one turn as one entry", async () => {
    const { store, batches, kept } = moody();
    const { writer, buffer } = writing(store);
    expect([writer.push("a"), writer.push("b"), writer.end("c")]).toEqual([1, 2, 3]);
    await settle();
    expect(batches).toHaveLength(1);
    expect(await kept()).toEqual({ data: ["a", "b", "c"], seqs: [1, 2, 3], ended: true });
    expect(buffer.hasUnwritten(KEY.stream)).toBe(false);
    expect(writer.lost).toBe(false);
  });

  it.each<Mood>(["away", "deaf"])("brings everything once a store that was %s is back", async (mood) => {
    const { store, be, kept } = moody();
    const { writer, buffer } = writing(store);
    writer.push("a");
    await settle();
    be(mood);
    for (const data of ["b", "c", "d"]) {
      writer.push(data);
      await settle();
    }
    writer.end("e");
    await settle();
    expect(buffer.hasUnwritten(KEY.stream)).toBe(true);
    be("well");
    await buffer.flush();
    expect(await kept()).toEqual({ data: ["a", "b", "c", "d", "e"], seqs: [1, 2, 3, 4, 5], ended: true });
    expect(buffer.hasUnwritten(KEY.stream)).toBe(false);
  });

  it("writes again what the store has lost, ended or not, and nothing doubles where it has not", async () => {
    const { store, be, loseAll, kept } = moody();
    const { writer, buffer } = writing(store);
    writer.push("a");
    writer.push("b");
    await settle();
    await buffer.rewrite();
    expect((await kept()).data).toEqual(["a", "b"]);
    loseAll();
    await buffer.rewrite();
    expect((await kept()).data).toEqual(["a", "b"]);
    writer.end("c");
    await settle();
    loseAll();
    be("away");
    await buffer.rewrite();
    be("well");
    await buffer.rewrite();
    expect(await kept()).toEqual({ data: ["a", "b", "c"], seqs: [1, 2, 3], ended: true });
  });

  it("writes again too what was on its way while the store lost it", async () => {
    const { store, be, loseAll, kept } = moody();
    const { writer, buffer } = writing(store);
    writer.push("a");
    await settle();
    be("slow");
    writer.push("b");
    await settle();
    loseAll();
    await buffer.rewrite();
    be("well");
    await settle();
    expect((await kept()).data).toEqual(["a", "b"]);
  });

  it("leaves the end to whoever has written it first", async () => {
    const { store, endElsewhere, kept } = moody();
    const { writer, buffer } = writing(store);
    writer.push("a");
    await settle();
    await endElsewhere();
    writer.push("b");
    writer.end("mine");
    await settle();
    expect((await kept()).data).toEqual(["a", "theirs"]);
    expect(buffer.hasUnwritten(KEY.stream)).toBe(false);
  });

  it("ends without an event where the call was cancelled", async () => {
    const { store, kept } = moody();
    const { writer } = writing(store);
    writer.push("a");
    writer.end();
    await settle();
    expect(await kept()).toEqual({ data: ["a"], seqs: [1], ended: true });
  });

  it("is lost, and says so, where more waits than there is room for", async () => {
    const { store, be } = moody();
    const { writer, buffer } = writing(store, { maxSize: 10, keepMs: 1_000 });
    be("away");
    writer.push("x".repeat(8));
    await settle();
    expect(writer.lost).toBe(false);
    expect(writer.push("yyy")).toBe(2);
    expect(writer.lost).toBe(true);
    expect(writer.end("z")).toBe(3);
    expect(buffer.stats()).toEqual({ held_streams: 0, held_characters: 0, unwritten_streams: 0, lost_streams: 1 });
  });

  it("is not lost where somebody else takes the room", async () => {
    const { store, be } = moody();
    const { buffer } = writing(store, { maxSize: 100, keepMs: 1_000 });
    const writerOf = (owner: string, stream: string) =>
      new StreamWriter({ store, buffer, log: silentLog }, { ...KEY, owner, stream: stream.repeat(22) }, HEAD);
    const mine = writerOf("me", "m");
    be("away");
    mine.push("x".repeat(30));
    const flood = [..."abcdef"].map((stream) => writerOf("flood", stream));
    for (const writer of flood) writer.push("y".repeat(40));
    await settle();
    expect(mine.lost).toBe(false);
    expect(flood.map(({ lost }) => lost)).toEqual([true, true, true, true, true, false]);
    expect(buffer.stats()["held_characters"]).toBe(70);
  });

  it("lets go of what the store has, first for want of room, then after a while", async () => {
    const { store, kept } = moody();
    let now = 0;
    const { writer, buffer } = writing(store, { maxSize: 10, keepMs: 1_000 }, () => now);
    writer.push("x".repeat(8));
    await settle();
    writer.push("y".repeat(8));
    expect(buffer.stats()).toMatchObject({ held_streams: 1, held_characters: 8, lost_streams: 0 });
    await settle();
    expect((await kept()).data).toEqual(["x".repeat(8), "y".repeat(8)]);
    buffer.sweep();
    writer.discard();
    expect(writer.lost).toBe(false);
    const other = new StreamWriter({ store, buffer, log: silentLog }, { ...KEY, stream: "y".repeat(22) }, HEAD);
    other.end("z");
    await settle();
    now = 999;
    buffer.sweep();
    expect(buffer.stats()).toMatchObject({ held_streams: 1, held_characters: 1 });
    now = 1_000;
    buffer.sweep();
    expect(buffer.stats()).toMatchObject({ held_streams: 0, held_characters: 0 });
    expect(other.lost).toBe(false);
  });

  it("keeps nothing where the store cannot lose it", async () => {
    const { store } = moody();
    const { writer, buffer } = writing(store, { maxSize: 1_000, keepMs: 0 });
    writer.push("a");
    await settle();
    expect(buffer.stats()).toMatchObject({ held_streams: 0, held_characters: 0 });
    writer.end("b");
    await settle();
    expect(writer.lost).toBe(false);
  });

  it("is lost where the store fails in a way that waiting does not mend", async () => {
    const { store } = moody();
    const { writer, buffer } = writing({
      ...store,
      append: async () => {
        throw new Error("WRONGTYPE");
      },
    });
    writer.push("a");
    await settle();
    expect(writer.lost).toBe(true);
    expect(buffer.stats()).toMatchObject({ held_characters: 0, unwritten_streams: 0 });
  });
});
