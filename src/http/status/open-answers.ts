/** The requests whose answers have not gone out, so that a server that ends lets them. */
import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

const LOOK_MS = 10;

export class OpenAnswers {
  readonly #open = new Set<ServerResponse>();
  #leaving = false;

  add(response: ServerResponse): void {
    this.#open.add(response);
    response.once("close", () => this.#open.delete(response));
    if (this.#leaving) response.shouldKeepAlive = false;
  }

  /** From here on each answer says that its connection closes, so that the next message takes another one. */
  leave(): void {
    this.#leaving = true;
    // It stays with what a response has said already.
    for (const response of this.#open) response.shouldKeepAlive = false;
  }

  /** Resolves when each answer has at least begun, as a stream does that ends with its endpoint, or after `ms`. */
  begun(ms: number): Promise<void> {
    return until(() => [...this.#open].every(({ headersSent }) => headersSent), ms);
  }

  /** Resolves when each has been taken by the operating system, or after `ms`. */
  sent(ms: number): Promise<void> {
    return until(() => this.#open.size === 0, ms);
  }
}

async function until(isSo: () => boolean, ms: number): Promise<void> {
  const end = performance.now() + ms;
  while (!isSo() && performance.now() < end) await delay(LOOK_MS);
}
