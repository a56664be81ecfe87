/**
 * What was learnt about requests at generation: how much each feature of a request speaks for each trait of tools. A
 * tool's score is the sum of its traits' scores.
 */
import { unpack, type Packed } from "./sparse.ts";

/** As the generator writes it (codegen/search/emit.ts). */
export interface SearchModel {
  /** Each tool's traits, by number. */
  readonly tools: Readonly<Record<string, readonly number[]>>;
  /** How many traits there are. */
  readonly width: number;
  /** Words as stems, and pairs of them (features.ts). */
  readonly features: readonly string[];
  /** For each feature a row with a weight for each trait. */
  readonly weights: Packed;
}

/** The model, ready to be asked. */
export interface Weights {
  readonly width: number;
  /** The number of each feature's row. */
  readonly rows: ReadonlyMap<string, number>;
  /** Row after row. */
  readonly cells: Int8Array;
}

export function readWeights({ width, features, weights }: SearchModel): Weights {
  return {
    width,
    rows: new Map(features.map((feature, row) => [feature, row])),
    cells: unpack(weights, features.length * width),
  };
}

/** How much `features` speak for each trait; a sum over those that are known. */
export function scoresOf({ width, rows, cells }: Weights, features: readonly string[]): Int32Array {
  const scores = new Int32Array(width);
  for (const feature of features) {
    const row = rows.get(feature);
    if (row === undefined) continue;
    const own = cells.subarray(row * width, (row + 1) * width);
    own.forEach((weight, index) => (scores[index] = (scores[index] as number) + weight));
  }
  return scores;
}
