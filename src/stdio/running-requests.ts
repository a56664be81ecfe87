/**
 * The client's requests that have no answer yet. A limited number runs at once; the others wait in order, so that a
 * client cannot make the server produce many answers at once.
 */
import type { Id, Message } from "../mcp/message.ts";

/** More than clients have open, and few enough for their answers to fit in memory. */
const MAX_RUNNING = 64;
/** With this many waiting, no more input is read. */
const MAX_WAITING = 1_000;

export class RunningRequests {
  /** How often each id runs: a client may use one again before its answer. */
  readonly #running = new Map<Id, number>();
  readonly #start: (message: Message) => void;
  #waiting: Message[] = [];
  #count = 0;
  #idle: (() => void) | undefined;

  constructor(start: (message: Message) => void) {
    this.#start = start;
  }

  get full(): boolean {
    return this.#waiting.length >= MAX_WAITING;
  }

  /** Runs a request, now or when there is room. */
  add(message: Message): void {
    if (this.#count >= MAX_RUNNING) this.#waiting.push(message);
    else this.#run(message);
  }

  /** Notes that a request has been answered, or will get no answer. */
  markEnded(id: Id): void {
    const times = this.#running.get(id);
    if (times === undefined) return;
    if (times === 1) this.#running.delete(id);
    else this.#running.set(id, times - 1);
    this.#count -= 1;
    const next = this.#waiting.shift();
    if (next !== undefined) this.#run(next);
    if (this.#count === 0) this.#idle?.();
  }

  /** Removes a cancelled request that has not started. False where it is not waiting. */
  cancelWaiting(id: Id): boolean {
    const at = this.#waiting.findIndex((message) => message.id === id);
    if (at !== -1) this.#waiting.splice(at, 1);
    return at !== -1;
  }

  /** Resolves when every request has ended. */
  waitUntilIdle(): Promise<void> {
    return this.#count === 0 ? Promise.resolve() : new Promise((resolve) => (this.#idle = resolve));
  }

  #run(message: Message): void {
    const id = message.id as Id;
    this.#running.set(id, (this.#running.get(id) ?? 0) + 1);
    this.#count += 1;
    this.#start(message);
  }
}
