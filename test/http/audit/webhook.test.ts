/** Audit lines at a webhook behind a real socket: signed, whole, in order, and never lost in silence. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { Webhook } from "standardwebhooks";
import { afterEach, describe, expect, test } from "vitest";
import { openAudit, type Audit, type AuditOptions } from "../../../src/http/audit/audit.ts";
import { EVENT } from "./event.ts";
import { listen } from "../../listen.ts";

const SECRET = `whsec_${Buffer.from("0123456789abcdef0123456789abcdef").toString("base64")}`;
const FAST = { gatherMs: 1, firstRetryMs: 1, longestRetryMs: 5, tries: 3 };

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
const ok: Answer = (_request, response) => response.end();

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A receiver that verifies each body as Standard Webhooks' own library does, and keeps what it was sent. */
async function receiver(answers: readonly Answer[] = []) {
  const seen: { id: string; tools: string[] }[] = [];
  let wake = () => {};
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const headers = request.headers as Record<string, string>;
    const verified = new Webhook(SECRET);
    // It parses what it has verified as one JSON; ours are lines of it.
    expect(() => verified.verify(body, headers)).not.toThrow(/signature|header/i);
    const lines = body
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { tool?: string; lost?: number });
    const answer = answers[seen.length] ?? answers.at(-1) ?? ok;
    seen.push({ id: headers["webhook-id"] ?? "", tools: lines.map(({ tool, lost }) => tool ?? `lost ${lost}`) });
    answer(request, response);
    wake();
  });
  const { origin } = await listen(server);
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `${origin}/hooks/secret-path`,
    seen,
    async until(done: () => boolean) {
      while (!done()) await new Promise<void>((resolve) => (wake = resolve));
    },
  };
}

function open(url: string, options: AuditOptions = {}): { audit: Audit; warnings: string[] } {
  const warnings: string[] = [];
  const secret = Buffer.from(SECRET.slice("whsec_".length), "base64");
  const audit = openAudit("off", {
    webhook: { url, secret, allowPrivate: true },
    timing: FAST,
    warn: (message) => warnings.push(message),
    ...options,
  });
  ends.push(() => audit.close());
  return { audit, warnings };
}

const status =
  (code: number): Answer =>
  (_request, response) =>
    response.writeHead(code).end();
const drop: Answer = (request) => request.socket.destroy();
const record = (audit: Audit, ...tools: string[]) => tools.forEach((tool) => audit.record({ ...EVENT, tool }));

describe("a webhook", () => {
  test("gets every line, in order, in batches that are signed", async () => {
    const hook = await receiver();
    const { audit, warnings } = open(hook.url);
    const names = Array.from({ length: 500 }, (_, n) => `tool_${n}`);
    record(audit, ...names);
    await audit.close();
    expect(hook.seen.flatMap(({ tools }) => tools)).toEqual(names);
    expect(hook.seen.length).toBeLessThan(20);
    expect([warnings, audit.lost()]).toEqual([[], 0]);
  });

  test.each<[string, Answer]>([
    ["503", status(503)],
    ["429", status(429)],
    ["a connection that breaks", drop],
  ])("is tried again after %s, the batch under its id", async (_title, answer) => {
    const hook = await receiver([answer, ok]);
    const { audit, warnings } = open(hook.url);
    record(audit, "a");
    await hook.until(() => hook.seen.length === 2);
    await audit.close();
    expect(new Set(hook.seen.map(({ id }) => id)).size).toBe(1);
    expect([audit.lost(), warnings.length]).toEqual([0, 1]);
    expect(warnings[0]).not.toContain("secret-path");
  });

  test.each<[string, Answer, number]>([
    ["refuses for good", status(400), 1],
    ["fails again and again", status(500), 3],
  ])("that %s loses the batch: counted, told, and said in the next one", async (_title, answer, tries) => {
    const hook = await receiver([...Array<Answer>(tries).fill(answer), ok]);
    const { audit, warnings } = open(hook.url);
    record(audit, "a", "b");
    await hook.until(() => hook.seen.length === tries);
    while (audit.lost() === 0) await new Promise((resolve) => setImmediate(resolve));
    record(audit, "c");
    await audit.close();
    expect(audit.lost()).toBe(2);
    expect(hook.seen.at(-1)?.tools).toEqual(["lost 2", "c"]);
    expect(warnings).toHaveLength(2);
    expect(warnings[1]).toMatch(/^2 lines of the audit were not delivered to the webhook/);
  });

  test("with refuse keeps every line and blocks calls until they are delivered", async () => {
    const hook = await receiver([...Array<Answer>(10).fill(status(400)), ok]);
    const { audit } = open(hook.url, { overflow: "refuse" });
    record(audit, "a");
    await hook.until(() => hook.seen.length > 5);
    expect(audit.blockedBy()).toBe("the webhook");
    await hook.until(() => hook.seen.length === 11);
    while (audit.blockedBy() !== undefined) await new Promise((resolve) => setImmediate(resolve));
    expect([audit.lost(), hook.seen.at(-1)?.tools]).toEqual([0, ["a"]]);
  });

  test("that hangs holds nobody up: what does not fit is counted, and the end comes within its bound", async () => {
    const hook = await receiver([() => undefined]);
    const { audit, warnings } = open(hook.url);
    const started = performance.now();
    for (let n = 0; n < 10_000; n += 1) audit.record(EVENT);
    expect(performance.now() - started).toBeLessThan(3_000);
    expect(audit.lost()).toBeGreaterThan(1_000);
    const ending = performance.now();
    await audit.close();
    expect(performance.now() - ending).toBeLessThan(4_000);
    // The lines that tell of losses are lost as well.
    expect(audit.lost()).toBeGreaterThanOrEqual(10_000);
    expect(warnings.some((line) => /lines of the audit were not delivered/.test(line))).toBe(true);
  });

  test("at a private address is refused unless that was allowed", async () => {
    const hook = await receiver();
    const { audit, warnings } = open(hook.url, {
      webhook: { url: hook.url, secret: Buffer.from("0123456789abcdef"), allowPrivate: false },
    });
    record(audit, "a");
    while (audit.lost() === 0) await new Promise((resolve) => setImmediate(resolve));
    expect([hook.seen, warnings[0]]).toEqual([[], expect.stringContaining("MCP_ALLOW_PRIVATE_WEBHOOK")]);
  });
});
