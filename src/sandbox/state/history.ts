/**
 * Keeps the states before the last writes, for the fault `stale`.
 */
import type { Store } from "./store.ts";

interface Moment {
  /** The time of the write that ended this state, in milliseconds since the epoch. */
  readonly until: number;
  readonly store: Store;
}

const most = 100;

export class History {
  #moments: Moment[] = [];

  /** Keeps a copy of the state that a write is about to change. */
  keep(store: Store, now: number): void {
    this.#moments.push({ until: now, store: store.copy() });
    if (this.#moments.length > most) this.#moments.shift();
  }

  /** The state at a time; undefined where nothing was written since. */
  at(moment: number): Store | undefined {
    return this.#moments.find(({ until }) => until > moment)?.store;
  }

  clear(): void {
    this.#moments = [];
  }
}
