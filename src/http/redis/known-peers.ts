/** The other instances that have sent a greeting lately. */

/** How long an instance stays known after its last greeting: four intervals. */
const FORGOTTEN_MS = 60_000;
/** Limits the memory that a fault could take; greetings are signed, so no attacker can invent instances. */
const MAX_PEERS = 1_000;

export class KnownPeers {
  /** When each instance last greeted; the latest last. */
  readonly #heardAt = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Notes a greeting. Returns whether the instance was not known. */
  noteGreeting(peer: string): boolean {
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
      if (at >= since && this.#heardAt.size < MAX_PEERS) return;
      this.#heardAt.delete(peer);
    }
  }
}
