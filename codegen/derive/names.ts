/** Assigns a tool name to each operation. Names are unique; duplicates of an operation are left out. */
import type { Curated, Curation } from "../read/curation.ts";
import { operationsOf, type Document, type Method, type Operation, type PathItem } from "../read/document.ts";
import type { Note } from "../read/note.ts";
import { derivedDescription, derivedNames, operationKey } from "./derive.ts";
import { sentenceCase, snakeCase } from "./words.ts";

export interface NamedOperation {
  readonly method: Method;
  readonly path: string;
  readonly item: PathItem;
  readonly operation: Operation;
  readonly key: string;
  readonly words: Curated & { readonly domain: string };
  readonly isCurated: boolean;
  /** The path as the curation writes it, so that its parameters keep the names that callers know. */
  readonly spelling: string;
}

export interface Named {
  readonly operations: readonly NamedOperation[];
  /** Duplicate spellings of an operation. */
  readonly leftOut: readonly Note[];
}

/** Curated operations keep their names. The others get unique derived names, assigned in the order of their paths. */
export function nameOperations(facts: Document, curation: Curation): Named {
  const { once, leftOut } = eachOnce(facts, curation);
  const taken = new Set([...curation.composites.keys()]);
  for (const { key } of once) {
    const row = curation.operations.get(key);
    for (const name of row ? [row.name, ...(row.aliases ?? [])] : []) taken.add(name);
  }
  const operations = once.map((place): NamedOperation => {
    const row = curation.operations.get(place.key);
    if (row) return { ...place, words: row, isCurated: true, spelling: row.at.slice(row.at.indexOf(" ") + 1) };
    const name = freeName(derivedNames(place.method, place.path), taken);
    taken.add(name);
    return {
      ...place,
      words: derivedWords(name, place.method, place.path, curation),
      isCurated: false,
      spelling: place.path,
    };
  });
  return { operations, leftOut };
}

/** Of two spellings of an operation, keeps the curated one, or the first if neither is curated. */
function eachOnce(facts: Document, curation: Curation) {
  const leftOut: Note[] = [];
  const places = operationsOf(facts).map((place) => ({ ...place, key: operationKey(place.method, place.path) }));
  const text = ({ method, path }: { method: Method; path: string }) => `${method.toUpperCase()} ${path}`;
  const once = new Map<string, (typeof places)[number]>();
  for (const place of places) {
    const first = once.get(place.key);
    if (!first) {
      once.set(place.key, place);
      continue;
    }
    const [kept, other] = curation.operations.get(place.key)?.at === text(place) ? [place, first] : [first, place];
    once.set(place.key, kept);
    leftOut.push({ at: text(other), what: `left out: it is ${text(kept)} in another spelling` });
  }
  return { once: [...once.values()], leftOut };
}

function freeName(candidates: readonly string[], taken: ReadonlySet<string>): string {
  const free = candidates.find((name) => !taken.has(name));
  if (free !== undefined) return free;
  const first = candidates[0] as string;
  for (let count = 2; ; count++) {
    const name = `${first.slice(0, 37)}_${count}`;
    if (!taken.has(name)) return name;
  }
}

/** An uncurated operation gets the domain of the curated one that shares most of its path, else its first segment. */
function derivedWords(name: string, method: Method, path: string, curation: Curation): Curated & { domain: string } {
  const prefixes = path
    .split("/")
    .map((_, index, all) => all.slice(0, all.length - index).join("/"))
    .filter((prefix) => prefix.length > 1);
  const rows = [...curation.operations.values()];
  const neighbour = prefixes.flatMap((prefix) => rows.filter(({ at }) => at.split(" ")[1]?.startsWith(prefix)))[0];
  const segment = snakeCase(path.split("/")[1] ?? "").replace(/^_+|_+$/g, "");
  const domain = neighbour?.domain ?? (segment.replaceAll("_", "-") || "other");
  return { name, title: sentenceCase(name), description: derivedDescription(name, method, path), domain };
}
