/** The responses that have not been sent completely, so that a server that stops can wait for them. */
import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

const POLL_MS = 10;

export class OpenAnswers {
  readonly #open = new Set<ServerResponse>();
  #leaving = false;

  add(response: ServerResponse): void {
    this.#open.add(response);
    response.once("close", () => this.#open.delete(response));
    if (this.#leaving) response.shouldKeepAlive = false;
  }

  /** From here on, responses close their connections, so that the client's next message uses another one. */
  leave(): void {
    this.#leaving = true;
    // Has no effect on responses whose headers have been sent.
    for (const response of this.#open) response.shouldKeepAlive = false;
  }

  /** Resolves when all responses have begun, or after `ms`. Event streams end only when their endpoint closes. */
  begun(ms: number): Promise<void> {
    return until(() => [...this.#open].every(({ headersSent }) => headersSent), ms);
  }

  /** Resolves when the operating system has accepted all responses, or after `ms`. */
  sent(ms: number): Promise<void> {
    return until(() => this.#open.size === 0, ms);
  }
}

async function until(condition: () => boolean, ms: number): Promise<void> {
  const end = performance.now() + ms;
  while (!condition() && performance.now() < end) await delay(POLL_MS);
}
