/**
 * Whatever a document holds, an import ends with facts or with a SourceError that says where and why. Mutations from
 * seeds.
 */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stringify } from "yaml";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { importDocument } from "../../codegen/import.ts";
import { readInputs, type Inputs } from "../../codegen/inputs.ts";
import type { Document } from "../../codegen/read/document.ts";
import { readDocument, SourceError } from "../../codegen/read/load.ts";
import { createRandom } from "../../src/sandbox/state/ids.ts";
import { pick } from "../fuzz/hostile-json.ts";
import { TIMES } from "../size.ts";
import { dataMutations, sliceOf, textMutations } from "./mutations/mutate.ts";
import { endOf } from "./mutations/pipeline.ts";

const timeout = 30_000 * TIMES;
const root = fileURLToPath(new URL("../..", import.meta.url));
const api = fileURLToPath(new URL("../../../shared/api/", import.meta.url));

let inputs: Inputs;
let texts: string[] = [];
let documents: Document[] = [];
beforeAll(async () => {
  inputs = await readInputs(join(root, "openapi"));
  const portkeys = join(api, "portkey-openapi-2026-09-04.yaml");
  const found = await readFile(portkeys, "utf8").catch(() => undefined);
  texts = [
    await readFile(join(root, "openapi/portkey/document.yaml"), "utf8"),
    ...(found === undefined ? [] : [found]),
  ];
  documents = texts.map((text) => readDocument(text, "base.yaml").document);
});

/** What did not end well, with what is needed to see it again. */
async function faultsOf(seeds: readonly number[], mutated: (seed: number) => { text: string; what: string }) {
  const faults: string[] = [];
  const ends = new Set<string>();
  for (const seed of seeds) {
    const { text, what } = mutated(seed);
    const end = await endOf(text, { ...inputs, drafts: withoutMost(seed) }, seed % 10 === 0);
    ends.add(end);
    if (end !== "facts" && end !== "refused") faults.push(`seed ${seed}: ${what}: ${end}`);
  }
  return { faults, ends };
}

/** Drafts cost the same for every document: every third one has them. */
const withoutMost = (seed: number): Document => (seed % 3 === 0 ? inputs.drafts : { ...inputs.drafts, paths: {} });
const seedsFrom = (first: number, count: number) => Array.from({ length: count * TIMES }, (_, index) => first + index);
const namesOf = (table: object) => Object.keys(table);

describe("a mutated document is imported or refused with its place", () => {
  test("whose data was changed", { timeout }, async () => {
    const { faults, ends } = await faultsOf(seedsFrom(1, 15), (seed) => {
      const random = createRandom(seed);
      const document = sliceOf(pick(random, documents), random);
      const some = Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(random, namesOf(dataMutations)));
      for (const name of some) dataMutations[name]?.(document, random);
      return { text: stringify(document, { aliasDuplicateObjects: false }), what: some.join(", ") };
    });
    expect(faults).toEqual([]);
    expect([...ends].sort()).toEqual(["facts", "refused"]);
  });

  test("whose text was changed", { timeout }, async () => {
    const { faults, ends } = await faultsOf(seedsFrom(10_001, 6), (seed) => {
      const random = createRandom(seed);
      const text = stringify(sliceOf(pick(random, documents), random), { aliasDuplicateObjects: false });
      const what = pick(random, namesOf(textMutations));
      return { text: textMutations[what]?.(text, random) ?? "", what };
    });
    expect(faults).toEqual([]);
    expect([...ends].sort()).toEqual(["facts", "refused"]);
  });

  test("that was torn off anywhere", { timeout }, async () => {
    const { faults } = await faultsOf(seedsFrom(20_001, 1), (seed) => {
      const random = createRandom(seed);
      const text = pick(random, texts);
      return { text: text.slice(0, Math.floor(random() * text.length)), what: "torn off" };
    });
    expect(faults).toEqual([]);
  });
});

const petstore = {
  openapi: "3.0.0",
  info: { title: "Petstore", version: "1" },
  servers: [{ url: "https://petstore.example/v1" }],
  paths: { "/pets": { get: { responses: { 200: { description: "" } } } } },
};
const refusals: readonly (readonly [string, () => string, RegExp])[] = [
  ["empty", () => "", /:1: not an OpenAPI document/],
  ["blank", () => " \n\n", /:1: not an OpenAPI document/],
  ["a comment", () => "# nothing\n", /:1: not an OpenAPI document/],
  ["a page of HTML", () => "<!doctype html>\n<html><body>404: Not Found</body></html>\n", /:\d+: /],
  ["not YAML", () => "a: b: c: {[", /:1: /],
  ["bytes", () => Buffer.from(Array.from({ length: 5_000 }, (_, at) => (at * 7919) % 256)).toString("utf8"), /:\d+: /],
  ["JSON, half downloaded", () => JSON.stringify(documents[0], null, 1).slice(0, 9_000), /:\d+: /],
  ["two documents", () => `${stringify(petstore)}---\n${stringify(petstore)}`, /:\d+: /],
  ["another API", () => stringify(petstore), /:3: another API \("Petstore"\)/],
  ["Swagger 2", () => 'swagger: "2.0"\npaths: {}\n', /OpenAPI undefined is not supported/],
  ["50 MB of text", () => "x".repeat(50_000_000), /:1: larger than 20 MB/],
  ["50 MB of YAML", () => `paths:\n${"  /a: {}\n".repeat(5_600_000)}`, /:1: larger than 20 MB/],
  ["deep", () => `${"[".repeat(5_000)}${"]".repeat(5_000)}`, /:1: /],
  ["deep members", () => `paths: ${'{"a": '.repeat(2_000)}1${"}".repeat(2_000)}`, /:1: /],
];

describe("nothing is written of a document that is refused", () => {
  let project = "";
  beforeAll(async () => {
    project = await mkdtemp(join(tmpdir(), "portkey-mutations-"));
    for (const part of ["openapi", "generated", "README.md"])
      await cp(join(root, part), join(project, part), { recursive: true });
  });
  afterAll(() => rm(project, { recursive: true, force: true }));

  const state = async () => {
    const entries = await readdir(project, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    return Promise.all(files.sort().map(async (file) => [file, await readFile(file, "utf8")] as const));
  };

  test.each(refusals)("%s", { timeout: 30_000 }, async (_, text, message) => {
    const source = join(tmpdir(), `portkey-mutation-${process.pid}.yaml`);
    await writeFile(source, text());
    const before = await state();
    const importing = importDocument({ source, keepProse: false, project });
    await expect(importing).rejects.toThrowError(SourceError);
    await expect(importing).rejects.toThrowError(message);
    await importing.catch(({ message: told }: Error) => expect(told.startsWith(source)).toBe(true));
    expect(await state()).toEqual(before);
    await rm(source);
  });

  test.each([
    ["a file that is not there", "/no/such/document.yaml", /document\.yaml: cannot be read \(ENOENT\)$/],
    ["a folder", root, /: cannot be read \(EISDIR\)$/],
    ["an address where nobody listens", "http://127.0.0.1:59999/x.yaml", /x\.yaml: cannot be fetched \(\w+\)$/],
  ])("%s", async (_, source, message) => {
    const before = await state();
    await expect(importDocument({ source, keepProse: false, project })).rejects.toThrowError(message);
    expect(await state()).toEqual(before);
  });
});
