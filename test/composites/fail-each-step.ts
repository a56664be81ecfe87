/**
 * Makes the first request of a call fail, then in a fresh state the second, and so on, until the call has no more of
 * them.
 */
import { expect } from "vitest";
import type { CallAnswer, SandboxServer } from "./sandbox-server.ts";

export interface Scenario {
  readonly server: SandboxServer;
  /** Brings the sandbox from its seed to the state before the call. */
  readonly arrange?: () => Promise<unknown>;
  readonly act: () => Promise<CallAnswer>;
  /** Holds once the call has got through, however often it failed before. */
  readonly settled: (answer: CallAnswer) => Promise<void> | void;
}

/**
 * With every step failing once: a failure before anything was written is an error, one after it says what was done,
 * what failed and what is next, and calling again reaches the end. Returns how many steps there were.
 */
export async function failEachStep(scenario: Scenario, processed: boolean): Promise<number> {
  for (let step = 1; ; step++) {
    const isReached = await failStep(scenario, step, processed).catch((cause: unknown) => {
      throw new Error(`where step ${step} fails`, { cause });
    });
    if (!isReached) return step - 1;
  }
}

/** Fails one step of a call; false where it has no such step, and so succeeds. */
async function failStep({ server, arrange, act, settled }: Scenario, step: number, processed: boolean) {
  server.sandbox.reset();
  server.failAt(0);
  await arrange?.();
  server.forget();
  server.failAt(step, processed);
  const answer = await act();
  const isReached = server.sent.length >= step;
  if (!isReached) {
    expect(answer.isError, answer.text).toBe(false);
    return false;
  }
  expectToldFailure(answer, server, step);
  server.failAt(0);
  const again = await act();
  expect(again.isError, again.text).toBe(false);
  await settled(again);
  expect(server.defects).toEqual([]);
  return true;
}

function expectToldFailure(answer: CallAnswer, server: SandboxServer, step: number): void {
  const written = server.sent.slice(0, step - 1).filter(({ method }) => method !== "GET").length;
  if (!answer.isError) {
    // What only adds to the answer may be missing from it without a failure; a write never.
    expect(server.sent[step - 1]?.method).toBe("GET");
    return;
  }
  if (written === 0) expect(answer.text).toContain("injected");
  else
    expect(answer.body).toMatchObject({
      action: "partial",
      failed: { code: "PORTKEY", message: expect.stringContaining("injected") },
      next: expect.anything(),
    });
  if (written > 0) expect(answer.body["done"]).toHaveLength(written);
}
