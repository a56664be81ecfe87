/** Generates search.json, the trained search model that src/catalog/search/model.ts reads. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { SearchModel } from "../../src/catalog/search/model.ts";
import { LARGEST, pack } from "../../src/catalog/search/sparse.ts";
import { examplesOf, train, traitsOf, type Request, type Words } from "./train.ts";

/** The model with digests of its training input (`made`) and of itself (`sum`). If both match, it is not retrained. */
interface SearchFile extends SearchModel {
  readonly made: string;
  readonly sum: string;
}

/** The training input. */
export interface Lessons {
  readonly records: readonly Words[];
  readonly requests: readonly Request[];
}

const FILE = "search.json";

/** Increase this when a change of the training gives another model for the same examples. */
const METHOD = 3;
/** Weights are rounded to multiples of STEP, and dropped below LEAST_WEIGHT. Finer values do not improve the search. */
const STEP = 0.6;
const LEAST_WEIGHT = 0.9;

/** Returns the file's name and text; writes nothing. `folder` holds the file of the last run. */
export async function emitSearch(folder: string, lessons: Lessons): Promise<readonly [name: string, text: string]> {
  const present = await readFile(join(folder, FILE), "utf8").catch(() => undefined);
  return [FILE, searchText(lessons, present)];
}

/**
 * The file's text for these tools and requests. `present` is the text of the last run. It is returned if it was trained
 * from the same input, since training takes seconds.
 */
export function searchText({ records, requests }: Lessons, present?: string): string {
  const examples = examplesOf(records, requests);
  const made = digest([METHOD, records.map(traitsOf), examples]);
  if (present !== undefined && isMadeFrom(present, made)) return present;
  const { traits, weights } = train(records, examples);
  const model: SearchModel = {
    tools: Object.fromEntries(records.map(({ name }, index) => [name, traits[index] ?? []])),
    width: Math.max(...traits.flat()) + 1,
    features: [...weights.keys()],
    weights: pack(cellsOf([...weights.values()])),
  };
  return `${JSON.stringify({ made, sum: digest(model), ...model })}\n`;
}

function isMadeFrom(present: string, wanted: string): boolean {
  try {
    const { made, sum, ...model } = JSON.parse(present) as SearchFile;
    return made === wanted && sum === digest(model);
  } catch {
    return false;
  }
}

function digest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);
}

/** The weights as integer multiples of STEP, row after row. Small ones, which are most of them, become 0. */
function cellsOf(rows: readonly Float32Array[]): Int8Array {
  const steps = (weight: number) =>
    Math.abs(weight) < LEAST_WEIGHT ? 0 : Math.max(-LARGEST, Math.min(LARGEST, Math.round(weight / STEP)));
  return Int8Array.from(
    rows.flatMap((row) => [...row]),
    steps,
  );
}
