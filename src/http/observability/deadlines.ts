/**
 * Ends what runs for too long. All may run for the same time, so that the one that began first is due first and one
 * timer is enough for all.
 */
export class Deadlines<Running> {
  readonly #maxMs: number;
  readonly #end: (running: Running) => void;
  /** When each is due; the first one first. */
  readonly #due = new Map<Running, number>();
  #timer: NodeJS.Timeout | undefined;

  /** `end` is called once for each that is due. */
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
    this.#timer = setTimeout(() => this.#look(), ms);
    this.#timer.unref();
  }

  #look(): void {
    this.#timer = undefined;
    for (const [running, due] of this.#due) {
      const left = due - performance.now();
      if (left > 0) return this.#wait(Math.ceil(left));
      this.#due.delete(running);
      this.#end(running);
    }
  }
}
