/** search.json: what was learnt, as src/catalog/search/model.ts reads it. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { SearchModel } from "../../src/catalog/search/model.ts";
import type { Files } from "../emit/emit.ts";
import { examplesOf, train, type Request, type Words } from "./train.ts";

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

/** The files of an edition with its search.json. `folder` is where they are written to. */
export async function withSearch(folder: string, files: Files, lessons: Lessons): Promise<Files> {
  const present = await readFile(join(folder, FILE), "utf8").catch(() => undefined);
  return new Map([...files, [FILE, searchText(lessons, present)]]);
}

/**
 * The file's text for these tools and requests. `present` is the file as it is: learning takes seconds, and is left
 * out where that was made from the same.
 */
export function searchText({ records, requests }: Lessons, present?: string): string {
  const examples = examplesOf(records, requests);
  const made = digest([records.map(({ name, domain, risk }) => [name, domain, risk]), examples]);
  if (present !== undefined && isMadeFrom(present, made)) return present;
  const weights = train(records, examples);
  const model: SearchModel = {
    tools: records.map(({ name }) => name),
    features: [...weights.keys()],
    weights: bytesOf([...weights.values()]).toString("base64"),
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

/** Each weight as a signed byte, the largest of all as 127 or -127. */
function bytesOf(rows: readonly Float32Array[]): Buffer {
  let most = 0;
  for (const row of rows) for (const weight of row) most = Math.max(most, Math.abs(weight));
  return Buffer.from(
    Int8Array.from(
      rows.flatMap((row) => [...row]),
      (weight) => Math.round((weight / most) * 127),
    ).buffer,
  );
}
