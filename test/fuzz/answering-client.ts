/** A client of Portkey without a wire: what the other side answers is made up. */
import { setImmediate } from "node:timers/promises";
import { createPortkey } from "../../src/portkey/create.ts";
import type { HttpAnswer } from "../../src/portkey/transport/pooled-fetch.ts";
import { fastClock } from "../portkey/records.ts";

/** A client whose other side answers what `next` says. */
export function createAnsweringClient(next: () => { status: number; text: string }) {
  return createPortkey({
    bases: { control: "http://h/v1", gateway: "http://h/v1", public: "http://h", registry: "http://h" },
    timeoutMs: 60_000,
    maxRetries: 1,
    clock: fastClock(),
    fetch: async (): Promise<HttpAnswer> => {
      const { status, text } = next();
      // As over a socket: an answer never comes in the turn in which its request went out.
      await setImmediate();
      const headers = { get: (name: string) => (name === "content-type" ? "application/json" : null) };
      return { status, ok: status < 300, headers, body: null, text: async () => text };
    },
  });
}
