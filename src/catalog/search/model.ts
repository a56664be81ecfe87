/** What was learnt about requests at generation: how much each feature of a request speaks for each tool. */

/** As the generator writes it (codegen/search/emit.ts). */
export interface SearchModel {
  readonly tools: readonly string[];
  /** Words as stems, and pairs of them (features.ts). */
  readonly features: readonly string[];
  /** For each feature a row with a signed byte for each tool, in base64. */
  readonly weights: string;
}

/** The model, ready to be asked. */
export interface Weights {
  readonly tools: readonly string[];
  /** The number of each feature's row. */
  readonly rows: ReadonlyMap<string, number>;
  /** Row after row. */
  readonly cells: Int8Array;
}

export function readModel({ tools, features, weights }: SearchModel): Weights {
  const bytes = Buffer.from(weights, "base64");
  return {
    tools,
    rows: new Map(features.map((feature, row) => [feature, row])),
    cells: new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length),
  };
}

/** How much `features` speak for each tool, in the tools' order; a sum over those that are known. */
export function scoresOf({ tools, rows, cells }: Weights, features: readonly string[]): Int32Array {
  const scores = new Int32Array(tools.length);
  for (const feature of features) {
    const row = rows.get(feature);
    if (row === undefined) continue;
    const own = cells.subarray(row * tools.length, (row + 1) * tools.length);
    own.forEach((weight, index) => (scores[index] = (scores[index] as number) + weight));
  }
  return scores;
}
