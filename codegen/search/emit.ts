/** search.json: what was learnt, as src/catalog/search/model.ts reads it. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { SearchModel } from "../../src/catalog/search/model.ts";
import { LARGEST, pack } from "../../src/catalog/search/sparse.ts";
import { examplesOf, train, traitsOf, type Request, type Words } from "./train.ts";

/** The model with what it was made from and what came of it, so that it is made anew only where either changed. */
interface SearchFile extends SearchModel {
  readonly made: string;
  readonly sum: string;
}

/** What is learnt from. */
export interface Lessons {
  readonly records: readonly Words[];
  readonly requests: readonly Request[];
}

const FILE = "search.json";

/** Raised where the same examples are learnt otherwise than before. */
const METHOD = 3;
/** Weights are kept in steps of this, and none that is less than the other: finer ones find nothing more. */
const STEP = 0.6;
const LEAST_WEIGHT = 0.9;

/** The name of the file and its text; `folder` is where it is written to. */
export async function emitSearch(folder: string, lessons: Lessons): Promise<readonly [name: string, text: string]> {
  const present = await readFile(join(folder, FILE), "utf8").catch(() => undefined);
  return [FILE, searchText(lessons, present)];
}

/**
 * The file's text for these tools and requests. `present` is the file as it is: learning takes seconds, and is left
 * out where that was made from the same.
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

/** The weights in whole steps, row after row; those that hardly count are left out, which is most of them. */
function cellsOf(rows: readonly Float32Array[]): Int8Array {
  const steps = (weight: number) =>
    Math.abs(weight) < LEAST_WEIGHT ? 0 : Math.max(-LARGEST, Math.min(LARGEST, Math.round(weight / STEP)));
  return Int8Array.from(
    rows.flatMap((row) => [...row]),
    steps,
  );
}
