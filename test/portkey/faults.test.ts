/** What can go wrong between here and Portkey, over real sockets. */
import { EventEmitter, once } from "node:events";
import { afterEach, describe, expect, test } from "vitest";
import { PortkeyMcpError } from "../../src/errors/errors.ts";
import type { ToolRecord } from "../../src/catalog/record.ts";
import { context, CREATE, fastClock, KEY, LIST, portkeyAt, record, UPDATE } from "./records.ts";
import { json, startUpstream, type Respond, type Upstream } from "./upstream.ts";
import { closedPort } from "../listen.ts";

let upstream: Upstream | undefined;
afterEach(async () => {
  await upstream?.close();
  upstream = undefined;
});

async function at(respond: Respond): Promise<Upstream> {
  upstream = await startUpstream(respond);
  return upstream;
}

async function failed(call: Promise<unknown>): Promise<PortkeyMcpError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(PortkeyMcpError);
  return error as PortkeyMcpError;
}

const created = { name: "x" };
const updated = { thing_id: "t1", name: "x" };
const REMOVE = record({
  ...UPDATE,
  name: "delete_thing",
  method: "DELETE",
  risk: "destroy",
  body: "none",
  arguments: UPDATE.arguments.slice(0, 1),
});

describe("a hung socket", () => {
  test.each([
    ["a read", LIST, {}, "PORTKEY_TIMEOUT_MS"],
    ["a POST", CREATE, created, "Whether it took effect is unknown: read the object before trying again."],
    ["a PUT", UPDATE, updated, "repeating the same call is safe"],
  ] as [string, ToolRecord, Record<string, unknown>, string][])(
    "%s ends at the timeout, once",
    async (_, tool, given, words) => {
      const { origin, received } = await at(() => undefined);
      const error = await failed(portkeyAt(origin, { timeoutMs: 150 }).send(tool, given, context()));
      expect(error).toMatchObject({ code: "UNREACHABLE", message: expect.stringContaining(words) as string });
      expect(error.message).toContain("150 ms");
      // On a busy machine the first request may not even have left by then; a second one must never have.
      expect(received.length).toBeLessThanOrEqual(1);
    },
  );

  test("in the middle of an answer ends at the timeout too", async () => {
    const { origin } = await at((response) =>
      response.writeHead(200, { "content-type": "application/json" }).write('{"a":'),
    );
    expect(await failed(portkeyAt(origin, { timeoutMs: 150 }).send(LIST, {}, context()))).toMatchObject({
      code: "UNREACHABLE",
    });
  });
});

describe("a reset in mid-answer", () => {
  const cut: Respond = (response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
    response.write('{"id":');
    setTimeout(() => response.destroy(), 5);
  };

  test("a read is tried again and succeeds", async () => {
    const { origin, received } = await at((response, one, count) =>
      count === 1 ? cut(response, one, count) : json(response, 200, { id: 1 }),
    );
    expect(await portkeyAt(origin).send(LIST, {}, context())).toMatchObject({ status: 200, body: { id: 1 } });
    expect(received).toHaveLength(2);
  });

  test("a POST is not, and its outcome is called unknown", async () => {
    const { origin, received } = await at(cut);
    const error = await failed(portkeyAt(origin).send(CREATE, created, context()));
    expect(error.message).toBe(
      `create_thing: no usable answer from ${origin}: the connection was closed before the answer was complete in ` +
        "the middle of its answer (status 200). Whether it took effect is unknown: read the object before trying " +
        "again.",
    );
    expect(received).toHaveLength(1);
  });

  test("before any answer, a POST is not repeated either", async () => {
    const { origin, received } = await at((response) => response.destroy());
    expect((await failed(portkeyAt(origin).send(CREATE, created, context()))).message).toContain(
      "Whether it took effect is unknown",
    );
    expect(received).toHaveLength(1);
  });

  test("a repeated DELETE that then finds nothing says why", async () => {
    const { origin } = await at((response, _, count) =>
      count === 1
        ? response.destroy()
        : json(response, 404, { success: false, data: { message: "gone", errorCode: "AB02" } }),
    );
    expect((await failed(portkeyAt(origin).send(REMOVE, { thing_id: "t1" }, context()))).message).toContain(
      "An earlier attempt ended without an answer and may have deleted it.",
    );
  });
});

describe("a redirect", () => {
  test.each([301, 302, 307, 308])("%i is not followed, and only the target's origin is named", async (status) => {
    const other = await startUpstream((response) => json(response, 200, {}));
    const { origin, received } = await at((response) =>
      response.writeHead(status, { location: `${other.origin}/secret/path?token=abc` }).end(),
    );
    const error = await failed(portkeyAt(origin).send(LIST, {}, context()));
    expect(error).toMatchObject({ code: "UNREACHABLE", details: { status } });
    expect(error.message).toContain(`it answered ${status} and points to ${other.origin}. Redirects are not followed`);
    expect(error.message).not.toMatch(/secret|abc/);
    expect([received.length, other.received.length]).toEqual([1, 0]);
    await other.close();
  });

  test("that points nowhere is an error too", async () => {
    const { origin } = await at((response) => response.writeHead(304).end());
    expect((await failed(portkeyAt(origin).send(LIST, {}, context()))).message).toContain(
      "answered 304 and points to nowhere",
    );
  });
});

describe("something other than Portkey", () => {
  test("a web page with a 200 is named by its title", async () => {
    const { origin } = await at((response) =>
      response
        .writeHead(200, { "content-type": "text/html" })
        .end("<!DOCTYPE html><html><head><title>Sign in</title></head></html>"),
    );
    expect((await failed(portkeyAt(origin).send(LIST, {}, context()))).message).toBe(
      'list_things: a web page titled "Sign in" answered instead of Portkey\'s API (status 200). ' +
        "A proxy or a login page stands in between, or PORTKEY_BASE_URL is wrong.",
    );
  });

  test("a web page with a 502 is retried, then reported with its status", async () => {
    const { origin, received } = await at((response) =>
      response
        .writeHead(502, { "content-type": "text/html" })
        .end("<html><head><title>Bad gateway</title></head></html>"),
    );
    const error = await failed(portkeyAt(origin).send(LIST, {}, context()));
    expect(error).toMatchObject({ code: "PORTKEY", details: { status: 502, attempts: 3 } });
    expect(error.message).toContain('502 after 3 attempts: "Bad gateway". A web page, not Portkey\'s API, said so');
    expect(received).toHaveLength(3);
  });

  test("what speaks no HTTP is told as that", async () => {
    const { origin } = await at((response) => response.socket?.end("SSH-2.0-OpenSSH_9.6\r\n"));
    expect((await failed(portkeyAt(origin, { maxRetries: 0 }).send(LIST, {}, context()))).message).toContain(
      "what answered does not speak HTTP",
    );
  });
});

describe("a refused connection", () => {
  test.each([
    ["a read", LIST, {}],
    ["a POST", CREATE, created],
  ] as const)("%s is tried again, since nothing was sent", async (_, tool, given) => {
    const origin = `http://127.0.0.1:${await closedPort()}`;
    const clock = fastClock();
    const error = await failed(portkeyAt(origin, { clock }).send(tool, given, context()));
    expect(error.message).toBe(
      `${tool.name}: no usable answer from ${origin}: the connection was refused after 3 attempts. Nothing was ` +
        `done. Check PORTKEY_BASE_URL and the network. Then call ${tool.name} again.`,
    );
    expect(clock.slept).toEqual([500, 1000]);
  });

  test("an unknown host says so", async () => {
    const error = await failed(portkeyAt("http://portkey.invalid", { maxRetries: 0 }).send(LIST, {}, context()));
    expect(error.message).toMatch(/its host name (is unknown|could not be looked up)/);
  });
});

describe("cancellation", () => {
  test("a slow request is aborted at Portkey's end too", async () => {
    const events = new EventEmitter();
    const arrived = once(events, "arrived");
    const closed = once(events, "closed");
    const { origin } = await at((response) => {
      response.on("close", () => events.emit("closed"));
      events.emit("arrived");
    });
    const controller = new AbortController();
    const call = failed(portkeyAt(origin).send(UPDATE, updated, context({ signal: controller.signal })));
    await arrived;
    controller.abort();
    expect(await call).toMatchObject({
      code: "CANCELLED",
      message: "update_thing was cancelled. Whether it took effect is unknown; repeating the same call is safe.",
    });
    await closed;
  });

  test("before sending, nothing is sent", async () => {
    const { origin, received } = await at((response) => json(response, 200, {}));
    expect(await failed(portkeyAt(origin).send(LIST, {}, context({ signal: AbortSignal.abort() })))).toMatchObject({
      code: "CANCELLED",
    });
    expect(received).toHaveLength(0);
  });

  test("while waiting to retry, the wait ends", async () => {
    const { origin, received } = await at((response) => json(response, 429, {}, { "retry-after": "20" }));
    const controller = new AbortController();
    const portkey = portkeyAt(origin, {
      clock: {
        now: Date.now,
        random: () => 1,
        sleep: async () => (controller.abort(), controller.signal.throwIfAborted()),
      },
    });
    expect(await failed(portkey.send(LIST, {}, context({ signal: controller.signal })))).toMatchObject({
      code: "CANCELLED",
    });
    expect(received).toHaveLength(1);
  });
});

describe("an answer that is a success whatever it holds", () => {
  test.each([
    ["204 with nothing", 204, "", undefined],
    ["200 with nothing", 200, "", undefined],
    ["202 with blanks", 202, " \n", undefined],
    ["JSON behind a byte-order mark", 200, '\uFEFF{"a":1}', { a: 1 }],
    ["null", 200, "null", null],
    ["plain text", 200, "OK", "OK"],
    ["broken JSON", 201, '{"id":"new-', '{"id":"new-'],
  ])("%s", async (_, status, text, body) => {
    const { origin } = await at((response) => response.writeHead(status, { "content-type": "text/html" }).end(text));
    expect(await portkeyAt(origin).send(CREATE, created, context())).toMatchObject({ status, body });
  });

  test("JSON that cannot be read is given as text with a warning", async () => {
    const { origin } = await at((response) =>
      response.writeHead(200, { "content-type": "application/json" }).end('{"key":"pk-live'),
    );
    expect(await portkeyAt(origin).send(CREATE, created, context())).toMatchObject({
      body: '{"key":"pk-live',
      warnings: [expect.stringContaining("cannot be read")],
    });
  });
});

test("an error that quotes the key does not leak it", async () => {
  const { origin } = await at((response) =>
    json(response, 401, { success: false, data: { message: `Invalid key ${KEY}`, errorCode: "AB05" } }),
  );
  const error = await failed(portkeyAt(origin).send(LIST, {}, context()));
  expect(JSON.stringify([error.message, error.details])).not.toContain(KEY);
  expect(error.message).toContain("Invalid key ****");
});
