/**
 * Bytes that are held until all have come. Whoever sends them decides in how many pieces they come, and one of a single
 * byte takes two hundred to hold: where there are many small ones, they are copied together.
 */

/** Smaller pieces are copied into buffers of `SLAB` bytes. */
const SMALL = 4_096;
const SLAB = 65_536;
/** So many are held as they came: an answer or a request usually comes in one. */
const FEW = 64;

const NONE = Buffer.alloc(0);

export class SmallPieces {
  #slab = NONE;
  /** What of the slab has not been given out yet. */
  #from = 0;
  #to = 0;
  #count = 0;

  /** What is to be held now, in the order it came. */
  add(piece: Buffer): readonly Buffer[] {
    this.#count += 1;
    if (piece.length >= SMALL || this.#count <= FEW) return [...this.rest(), piece];
    const before = this.#to + piece.length > this.#slab.length ? this.#renew() : [];
    this.#to += piece.copy(this.#slab, this.#to);
    return before;
  }

  /** What was copied and not given out yet. */
  rest(): readonly Buffer[] {
    if (this.#from === this.#to) return [];
    const rest = this.#slab.subarray(this.#from, this.#to);
    this.#from = this.#to;
    return [rest];
  }

  #renew(): readonly Buffer[] {
    const rest = this.rest();
    this.#slab = Buffer.allocUnsafe(SLAB);
    this.#from = 0;
    this.#to = 0;
    return rest;
  }
}
