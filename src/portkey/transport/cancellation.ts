/**
 * Ends one attempt. As much of an AbortController as sending a request needs: a real one takes longer to make than
 * everything else that an attempt does, since whatever may be told of its end is looked after by the garbage collector.
 */

/** What a real AbortSignal is too. */
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

  /** Tells whoever listens, once. */
  abort(): void {
    if (this.#reason !== undefined) return;
    this.#reason = new DOMException("This operation was aborted", "AbortError");
    for (const listener of this.#listeners) listener();
  }
}
