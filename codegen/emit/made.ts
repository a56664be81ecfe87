/**
 * Reuses generated types and validators whose inputs have not changed: their generators take seconds to load and run.
 * For each file, made.json holds a digest of its inputs (with the generators' versions) and a digest of its text. An
 * edit by hand or another version of a generator therefore causes a new run. `generate --check` reuses nothing.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { root } from "../project.ts";

/** Increase this when a change of this code makes another text from the same inputs. */
const METHOD = 1;

const GENERATORS = ["@hey-api/openapi-ts", "openapi-typescript", "typescript"];

const madeForm = z.record(z.string(), z.object({ from: z.string(), sum: z.string() }));
const lockForm = z.object({ packages: z.record(z.string(), z.looseObject({ version: z.string().optional() })) });

type Made = z.output<typeof madeForm>;

/** Returns the text of the file `name`. Calls `make` only if `from`, its input, differs from the last run. */
export type MakeText = (name: string, from: unknown, make: () => Promise<string>) => Promise<string>;

export interface Maker {
  readonly text: MakeText;
  /** The text of made.json, for all files that `text` was called for. */
  readonly record: () => string;
}

/**
 * `folder` holds the files of the last run; without it, nothing is reused. `head` is the header that each of these
 * files has before its text.
 */
export async function createMaker(head: string, folder?: string): Promise<Maker> {
  const known = folder === undefined ? {} : await readMade(join(folder, "made.json"));
  const versions = await generatorVersions();
  const made: Made = {};
  const textIn = async (name: string) =>
    folder === undefined ? undefined : (await readText(join(folder, name)))?.slice(head.length);
  return {
    async text(name, from, make) {
      const digest = digestOf([METHOD, versions, from]);
      const present = known[name]?.from === digest ? await textIn(name) : undefined;
      const isKept = present !== undefined && known[name]?.sum === digestOf(present);
      const text = isKept ? present : await make();
      made[name] = { from: digest, sum: digestOf(text) };
      return text;
    },
    record: () => `${JSON.stringify(made, null, 1)}\n`,
  };
}

async function readMade(path: string): Promise<Made> {
  try {
    return madeForm.parse(JSON.parse((await readText(path)) ?? "{}"));
  } catch {
    return {};
  }
}

const readText = (path: string) => readFile(path, "utf8").catch(() => undefined);

async function generatorVersions(): Promise<(string | undefined)[]> {
  const { packages } = lockForm.parse(JSON.parse(await readFile(join(root, "package-lock.json"), "utf8")));
  return GENERATORS.map((name) => packages[`node_modules/${name}`]?.version);
}

function digestOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);
}
