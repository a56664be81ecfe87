/** What belongs to a session reaches it whichever instance it comes to, and outlives the instance it started on. */
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { text, type Behaviour } from "../../mcp-adapters/fake-registry.ts";
import { hasRedis } from "../redis/redis-server.ts";
import { startInstances, type Instance } from "./cluster.ts";
import { allEvents, call, events, get, messages, open, post } from "./wire.ts";

const SCHEMA = { type: "object", properties: { sure: { type: "boolean" } } };
const forever: Behaviour = (_args, link) =>
  new Promise((resolve) => {
    link.progress?.(1);
    link.signal.addEventListener("abort", () => resolve(text("aborted")));
  });
const tools: Record<string, Behaviour> = {
  forever,
  ask: async (_args, link) =>
    link.elicit === undefined ? text("cannot ask") : text(await link.elicit("Sure?", SCHEMA)),
  logs: (_args, link) => {
    link.log?.("info", "quiet");
    link.log?.("error", "loud");
    return text("ok");
  },
  who: (_args, _link, caller) => text(caller.principal),
};

describe.skipIf(!hasRedis)("instances on one Redis", () => {
  let set: Awaited<ReturnType<typeof startInstances>>;
  let here: Instance;
  let there: Instance;
  beforeAll(async () => {
    set = await startInstances(2, { tools, checkWith: (tool) => (tool === "forever" ? "get_forever" : undefined) });
    [here, there] = set.instances as [Instance, Instance];
  });
  afterAll(() => set.close());

  it("serve each other's sessions, with what their clients declared", async () => {
    const session = await open(here.url, {}, { elicitation: {} });
    const asked = events(await post(there.url, call(1, "ask"), session));
    expect((await asked.next()).value).toMatchObject({ data: "" });
    const question = JSON.parse((await asked.next()).value?.data as string);
    expect(question).toMatchObject({ method: "elicitation/create", params: { message: "Sure?" } });
    const answer = { jsonrpc: "2.0", id: question.id, result: { action: "accept", content: { sure: true } } };
    // Nobody else's answer counts.
    expect((await post(here.url, answer, await open(here.url))).status).toBe(202);
    expect((await post(here.url, answer, session)).status).toBe(202);
    expect(JSON.parse((await asked.next()).value?.data as string)).toMatchObject({
      id: 1,
      result: text({ action: "accept", content: { sure: true } }),
    });
    const plain = await open(here.url);
    expect(messages(await allEvents(await post(there.url, call(2, "ask"), plain))).at(-1)).toMatchObject({
      result: text("cannot ask"),
    });
  });

  it("share the log level of a session, and of no other", async () => {
    const session = await open(here.url);
    const other = await open(here.url);
    const levels = async (at: Instance, of: Record<string, string>) =>
      messages(await allEvents(await post(at.url, call(1, "logs"), of))).flatMap(({ params }) => params?.level ?? []);
    expect(await levels(there, session)).toEqual(["info", "error"]);
    const set = await post(
      here.url,
      { jsonrpc: "2.0", id: 2, method: "logging/setLevel", params: { level: "warning" } },
      session,
    );
    expect(await set.json()).toEqual({ jsonrpc: "2.0", id: 2, result: {} });
    expect(await levels(there, session)).toEqual(["error"]);
    expect(await levels(there, other)).toEqual(["info", "error"]);
  });

  it("end a session together", async () => {
    const session = await open(here.url);
    const listening = await get(there.url, session);
    const running = await post(there.url, call(1, "forever", {}, 1), session);
    expect((await fetch(here.url, { method: "DELETE", headers: session })).status).toBe(200);
    expect(messages(await allEvents(running)).map(({ method }) => method)).toEqual(["notifications/progress"]);
    await allEvents(listening);
    expect((await post(there.url, call(2, "who"), session)).status).toBe(404);
    expect((await fetch(there.url, { method: "DELETE", headers: session })).status).toBe(404);
  });

  it("bring a message to the newest of a session's own streams, once, wherever it is", async () => {
    const session = await open(here.url);
    const older = events(await get(here.url, session));
    const newer = events(await get(there.url, session));
    const others = new AbortController();
    const other = events(await get(there.url, await open(here.url), others.signal));
    for (const stream of [older, newer, other]) await stream.next();
    const changed = (n: number) =>
      ({ jsonrpc: "2.0", method: "notifications/resources/updated", params: { uri: `x://${n}` } }) as const;
    for (const n of [1, 2]) await here.endpoint.notify(session["mcp-session-id"] as string, changed(n));
    const first = (await newer.next()).value;
    expect(JSON.parse(first?.data as string)).toEqual(changed(1));
    expect(JSON.parse((await newer.next()).value?.data as string)).toEqual(changed(2));
    const resumed = events(await get(here.url, { ...session, "last-event-id": first?.id as string }));
    expect(JSON.parse((await resumed.next()).value?.data as string)).toEqual(changed(2));
    const silent = Promise.race([older.next(), other.next(), newer.next()]).catch(() => "gone");
    expect(await Promise.race([silent, new Promise((resolve) => setTimeout(resolve, 100, "silent"))])).toBe("silent");
    others.abort();
    await fetch(here.url, { method: "DELETE", headers: session });
  });

  it("end a dead instance's call with one explicit error, the same on every connection", async () => {
    const dying = await set.start();
    const session = await open(here.url);
    const lost = events(await post(dying.url, call("lost", "forever", {}, 1), session));
    const [primed, told] = [(await lost.next()).value, (await lost.next()).value];
    expect(messages([told as never])).toMatchObject([{ method: "notifications/progress" }]);
    await delay(20);
    await dying.die();
    const after = { ...session, "last-event-id": primed?.id as string };
    const seen = await allEvents(await get(here.url, after));
    expect(messages(seen)).toMatchObject([
      { method: "notifications/progress", params: { progress: 1 } },
      {
        id: "lost",
        error: {
          code: -32000,
          message: expect.stringContaining("get_forever"),
          data: { outcome: "unknown", tool: "forever", checkWith: "get_forever" },
        },
      },
    ]);
    expect(await allEvents(await get(there.url, after))).toEqual(seen);
  });

  it("say the same while an instance that shuts down in order still has its calls", async () => {
    const stopping = await set.start();
    const session = await open(here.url);
    const answer = await post(stopping.url, call("s", "forever", {}, 1), session);
    const all = allEvents(answer);
    await delay(30);
    await stopping.close();
    const seen = await all;
    expect(messages(seen).at(-1)).toMatchObject({ id: "s", error: { data: { outcome: "unknown" } } });
    const again = await allEvents(await get(here.url, { ...session, "last-event-id": seen[0]?.id as string }));
    expect(messages(again)).toEqual(messages(seen));
  });
});
