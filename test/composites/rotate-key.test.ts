/** A key rotated once: whatever fails on the way, no secret is lost and none is made twice. */
import { describe, expect, test } from "vitest";
import { failEachStep } from "./fail-each-step.ts";
import type { CallAnswer } from "./sandbox-server.ts";
import { expectSettled, listRows, server, useSandboxWithBothKeys, writesOf } from "./both-keys.ts";

useSandboxWithBothKeys();

describe("rotate_key", () => {
  const arrange = async () => {
    const key = (await listRows("list_api_keys", { workspace_id: "production" })).find(
      ({ name }) => name === "support-bot",
    );
    return { api_key_id: key?.["id"] };
  };

  test("rotates once, then says how far the transition is", async () => {
    const args = await arrange();
    const { body, text } = await server.call("rotate_key", args);
    expect(body, text).toMatchObject({
      action: "rotated",
      key: expect.stringMatching(/^pk-sandbox-/),
      old_secret_works_until: expect.any(String),
      next: { tool: "rotate_key" },
    });
    server.forget();
    const again = await server.call("rotate_key", args);
    expect(again.body).toMatchObject({
      action: "unchanged",
      transition: "under way: both secrets work",
      requests_since: expect.any(Number),
    });
    expect(server.writes()).toEqual([]);
    expect((await server.call("rotate_key", { ...args, again: true })).body).toMatchObject({ action: "rotated" });
  });

  test("a dry run shows the request", async () => {
    const dry = await server.call("rotate_key", { ...(await arrange()), dry_run: true });
    expect(dry.body).toMatchObject({ dry_run: true, action: "rotate" });
    expect(writesOf(dry)[0]).toMatch(/^POST \/api-keys\/.*\/rotate$/);
  });

  test("without the audit log nothing is rotated unless told so", async () => {
    const args = await arrange();
    const policy = { tools: ["!list_audit_logs"] };
    const { text } = await server.call("rotate_key", args, { policy });
    expect(text).toContain("again: true rotates all the same");
    expect(server.writes()).toEqual([]);
    const told = await server.call("rotate_key", { ...args, again: true }, { policy });
    expect(told.body).toMatchObject({ action: "rotated" });
  });

  test.each([
    ["before Portkey has done anything", false],
    ["after Portkey has done it", true],
  ])("where a step fails %s, the next call ends with a secret or says how to get one", async (_, processed) => {
    const args = await arrange();
    const settled = async (answer: CallAnswer) => {
      if (answer.body["action"] === "unchanged") {
        // The secret was in the answer that was lost.
        expect(answer.body).toMatchObject({ note: expect.stringContaining("again: true makes another") });
        expect(processed).toBe(true);
      } else expect(answer.body).toMatchObject({ action: "rotated", key: expect.stringMatching(/^pk-sandbox-/) });
      await expectSettled("rotate_key", args);
      const another = await server.call("rotate_key", { ...args, again: true });
      expect(another.body).toMatchObject({ action: "rotated", key: expect.stringMatching(/^pk-sandbox-/) });
    };
    const steps = await failEachStep({ server, act: () => server.call("rotate_key", args), settled }, processed);
    expect(steps).toBe(3);
  });

  test("a rotation that Portkey refuses is told as it is, and is none afterwards", async () => {
    const args = { ...(await arrange()), key_transition_period_ms: 1_000 };
    const { text, isError } = await server.call("rotate_key", args);
    expect([isError, text]).toEqual([true, expect.stringContaining("key_transition_period_ms is at least 1800000")]);
    expect(text).not.toContain("called again");
    const again = await server.call("rotate_key", { api_key_id: args["api_key_id"] });
    expect(again.body).toMatchObject({ action: "rotated" });
  });

  test("a rotation whose answer is lost says which call tells what became of it", async () => {
    const args = await arrange();
    server.forget();
    server.failAt(3, true);
    const { text, isError } = await server.call("rotate_key", args);
    expect(isError).toBe(true);
    expect(text).toContain("rotate_key, called again, says whether it was rotated");
  });
});
