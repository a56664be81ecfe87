/** The other instances that have been heard of, and not too long ago. */

/** Four greetings; one that has ended is told nothing any more. */
const FORGOTTEN_MS = 60_000;
/** Whoever could make up names of instances has the key anyway; this bounds what a fault can do. */
const MOST = 1_000;

export class KnownPeers {
  /** The last heard of last. */
  readonly #heardAt = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Whether it is new. */
  heardOf(peer: string): boolean {
    this.#forgetOld();
    const isNew = !this.#heardAt.delete(peer);
    this.#heardAt.set(peer, this.#now());
    return isNew;
  }

  names(): string[] {
    this.#forgetOld();
    return [...this.#heardAt.keys()];
  }

  #forgetOld(): void {
    const since = this.#now() - FORGOTTEN_MS;
    for (const [peer, at] of this.#heardAt) {
      if (at >= since && this.#heardAt.size < MOST) return;
      this.#heardAt.delete(peer);
    }
  }
}
