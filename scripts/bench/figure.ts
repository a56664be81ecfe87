/**
 * A figure: what was measured, of whom, and how. Contenders are measured in turns within one run, so that a sample of
 * each belongs to the same moment and ratios are taken pair by pair.
 */

/**
 * Whose figure: this project, the published baseline, a bare Fastify route that sends the same bytes or asks the same
 * upstream.
 */
export type Contender = "ours" | "baseline" | "bare";

export type Unit = "ms" | "s" | "MB" | "kB" | "bytes" | "tokens" | "req/s" | "count" | "ms CPU" | "%";

/** What is measured. */
export interface Measure {
  /** `section.subject`; goals refer to it. */
  readonly id: string;
  readonly name: string;
  readonly unit: Unit;
  /** How it is taken, as a sentence. */
  readonly how: string;
}

export interface Figure extends Measure {
  /** Samples in the order they were taken; the n-th of every contender belong together. */
  readonly samples: Readonly<Partial<Record<Contender, readonly number[]>>>;
}

/** Throws RangeError without samples. */
export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) throw new RangeError("A median needs a sample.");
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

/** The median, or undefined where this contender has no such figure. */
export function figureOf({ samples }: Figure, who: Contender): number | undefined {
  const taken = samples[who];
  return taken === undefined || taken.length === 0 ? undefined : median(taken);
}

/**
 * Ours by theirs: the median over pairs of samples. Where the counts differ there are no pairs, and it is the ratio of
 * the medians.
 */
export function ratioTo({ samples }: Figure, other: "baseline" | "bare"): number | undefined {
  const ours = samples.ours ?? [];
  const theirs = samples[other] ?? [];
  if (ours.length === 0 || theirs.length === 0) return undefined;
  if (ours.length !== theirs.length) return median(ours) / median(theirs);
  return median(ours.map((value, index) => value / (theirs[index] as number)));
}

/** Collects samples of several figures while contenders take turns. */
export class Samples {
  readonly #taken: Partial<Record<Contender, number[]>> = {};

  add(who: Contender, value: number): void {
    (this.#taken[who] ??= []).push(value);
  }

  get all(): Figure["samples"] {
    return this.#taken;
  }
}
