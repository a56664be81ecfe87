/** Mutations of a document from a seed: of its data, and of its text. */
import { dropUnreachedComponents } from "../../../codegen/read/components.ts";
import type { Document } from "../../../codegen/read/document.ts";
import { pick, type Random } from "../../fuzz/hostile-json.ts";
import { keywords, oddLines, oddNames, oddPaths, oddReferences, oddValues } from "./odd.ts";

type Holder = Record<string, unknown>;
interface Place {
  readonly holder: Holder;
  readonly key: string;
}

/** A few paths of a document with the components that they reach: small enough to try a thousand times. */
export function sliceOf(document: Document, random: Random): Document {
  const names = Object.keys(document.paths);
  const some = new Set(Array.from({ length: 3 }, () => pick(random, names)));
  const paths = Object.fromEntries([...some].map((name) => [name, document.paths[name]]));
  const slice = dropUnreachedComponents({ ...document, paths: paths as Document["paths"] });
  return structuredClone({ ...slice, "x-inference": undefined });
}

/** Every member of every object and list, the root's own included. */
function placesOf(node: unknown, found: Place[] = []): Place[] {
  if (node === null || typeof node !== "object") return found;
  for (const key of Object.keys(node)) {
    found.push({ holder: node as Holder, key });
    placesOf((node as Holder)[key], found);
  }
  return found;
}

const valueAt = ({ holder, key }: Place) => holder[key];
const copyOf = (value: unknown) => (value === undefined ? null : structuredClone(value));

/** Own members only: a name may be __proto__. */
function setOwn(holder: Holder, key: string, value: unknown): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

type Mutation = (document: Document, random: Random) => void;

function atRandom(change: (place: Place, random: Random, places: readonly Place[]) => void): Mutation {
  return (document, random) => {
    const places = placesOf(document);
    if (places.length > 0) change(pick(random, places), random, places);
  };
}

function removed({ holder, key }: Place): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else Reflect.deleteProperty(holder, key);
}

function renamed({ holder, key }: Place, name: string): void {
  const value = holder[key];
  Reflect.deleteProperty(holder, key);
  setOwn(holder, name, value);
}

/** A component, or the first that there is, referring to itself through the place. */
const circle: Mutation = (document, random) => {
  const schemas = Object.keys(document.components?.["schemas"] ?? {});
  if (schemas.length === 0) return;
  const name = pick(random, schemas);
  const self = { $ref: `#/components/schemas/${name}` };
  const holder = document.components?.["schemas"] as Holder;
  const forms = [
    self,
    { allOf: [self] },
    { oneOf: [self, { type: "string" }] },
    { anyOf: [{ allOf: [self] }] },
    { type: "array", items: self },
    { type: "object", properties: { self }, additionalProperties: self, required: ["self"] },
    { not: self },
  ];
  holder[name] = pick(random, forms);
};

const reference: Mutation = (document, random) => {
  const references = placesOf(document).filter(({ key }) => key === "$ref");
  if (references.length === 0) return;
  const { holder } = pick(random, references);
  const others = Object.entries(document.components ?? {}).flatMap(([section, entries]) =>
    Object.keys(entries ?? {}).map((name) => `#/components/${section}/${name}`),
  );
  holder["$ref"] = pick(random, random() < 0.5 ? oddReferences : others);
};

const pathName: Mutation = (document, random) => {
  const paths = document.paths as unknown as Holder;
  const names = Object.keys(paths);
  if (names.length === 0) return;
  const name = pick(random, names);
  const swapped = name.replaceAll(/\{\w+\}/g, "{other}");
  setOwn(paths, pick(random, [...oddPaths, name.toUpperCase(), swapped]), copyOf(paths[name]));
};

/** By name, for messages. */
export const dataMutations: Readonly<Record<string, Mutation>> = {
  removed: atRandom(removed),
  "another value": atRandom(({ holder, key }, random) => setOwn(holder, key, copyOf(pick(random, oddValues)))),
  "another name": atRandom((place, random) => renamed(place, pick(random, oddNames))),
  "another name that is a keyword": atRandom((place, random) => renamed(place, pick(random, keywords))),
  "one member for another": atRandom((place, random, places) =>
    setOwn(place.holder, place.key, copyOf(valueAt(pick(random, places)))),
  ),
  "a keyword with any value": atRandom(({ holder }, random, places) => {
    const value = random() < 0.5 ? pick(random, oddValues) : valueAt(pick(random, places));
    if (!Array.isArray(holder)) setOwn(holder, pick(random, keywords), copyOf(value));
  }),
  "an item twice": atRandom((_, random, places) => {
    const lists = places.map(valueAt).filter((value): value is unknown[] => Array.isArray(value) && value.length > 0);
    if (lists.length === 0) return;
    const list = pick(random, lists);
    list.push(copyOf(pick(random, list)), copyOf(pick(random, oddValues)));
  }),
  "a circle": circle,
  "another reference": reference,
  "another path": pathName,
};

type TextMutation = (text: string, random: Random) => string;

const inLines =
  (change: (lines: string[], at: number, random: Random) => void): TextMutation =>
  (text, random) => {
    const lines = text.split("\n");
    change(lines, Math.floor(random() * lines.length), random);
    return lines.join("\n");
  };

export const textMutations: Readonly<Record<string, TextMutation>> = {
  "torn off": (text, random) => text.slice(0, Math.floor(random() * text.length)),
  "without its beginning": (text, random) => text.slice(Math.floor(random() * text.length)),
  "with a hole": (text, random) => {
    const from = Math.floor(random() * text.length);
    return text.slice(0, from) + text.slice(from + Math.floor(random() * 2_000));
  },
  "a line less": inLines((lines, at) => lines.splice(at, 1)),
  "a line twice": inLines((lines, at) => lines.splice(at, 0, lines[at] as string)),
  "a line moved in": inLines((lines, at) => lines.splice(at, 1, `  ${lines[at] as string}`)),
  "an odd line": inLines((lines, at, random) => lines.splice(at, 0, pick(random, oddLines))),
};
