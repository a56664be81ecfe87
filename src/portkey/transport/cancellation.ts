/**
 * Cancels one attempt. This is the part of an AbortController that sending a request needs. Creating a real one takes
 * longer than the rest of an attempt, since Node registers it with the garbage collector.
 */

/** The part of AbortSignal that is used here. */
export interface CancelSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

export class Cancellation implements CancelSignal {
  readonly #listeners = new Set<() => void>();
  #reason: Error | undefined;

  get aborted(): boolean {
    return this.#reason !== undefined;
  }

  get reason(): Error | undefined {
    return this.#reason;
  }

  addEventListener(_type: "abort", listener: () => void): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_type: "abort", listener: () => void): void {
    this.#listeners.delete(listener);
  }

  /** Calls the listeners, once. */
  abort(): void {
    if (this.#reason !== undefined) return;
    this.#reason = new DOMException("This operation was aborted", "AbortError");
    for (const listener of this.#listeners) listener();
  }
}
