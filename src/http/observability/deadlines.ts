/**
 * Ends what runs for too long. All may run for the same time, so those that began first are due first, and one timer is
 * enough.
 */
export class Deadlines<Running> {
  readonly #maxMs: number;
  readonly #end: (running: Running) => void;
  /** When each is due, in the order of their start. */
  readonly #due = new Map<Running, number>();
  #timer: NodeJS.Timeout | undefined;

  /** Calls `end` once for each that is due. */
  constructor(maxMs: number, end: (running: Running) => void) {
    this.#maxMs = maxMs;
    this.#end = end;
  }

  add(running: Running): void {
    this.#due.set(running, performance.now() + this.#maxMs);
    if (this.#timer === undefined) this.#wait(this.#maxMs);
  }

  delete(running: Running): void {
    this.#due.delete(running);
  }

  #wait(ms: number): void {
    this.#timer = setTimeout(() => this.#endDue(), ms);
    this.#timer.unref();
  }

  #endDue(): void {
    this.#timer = undefined;
    for (const [running, due] of this.#due) {
      const left = due - performance.now();
      if (left > 0) return this.#wait(Math.ceil(left));
      this.#due.delete(running);
      this.#end(running);
    }
  }
}
