/**
 * The search model, trained at generation: a weight for each feature of a request and each trait of tools.
 * A tool's score is the sum of its traits' scores.
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
  /** A matrix: for each feature a row with a weight for each trait. */
  readonly weights: Packed;
}

/** The unpacked model. */
export interface Weights {
  readonly width: number;
  /** The row number of each feature. */
  readonly rows: ReadonlyMap<string, number>;
  /** The matrix, row by row. */
  readonly cells: Int8Array;
}

export function readWeights({ width, features, weights }: SearchModel): Weights {
  return {
    width,
    rows: new Map(features.map((feature, row) => [feature, row])),
    cells: unpack(weights, features.length * width),
  };
}

/** The score of each trait: the sum of the weights of those `features` that the model knows. */
export function scoreTraits({ width, rows, cells }: Weights, features: readonly string[]): Int32Array {
  const scores = new Int32Array(width);
  for (const feature of features) {
    const row = rows.get(feature);
    if (row === undefined) continue;
    for (let index = 0; index < width; index += 1) {
      const at = row * width + index;
      scores[index] = (scores[index] as number) + (cells[at] as number);
    }
  }
  return scores;
}
