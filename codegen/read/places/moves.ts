/**
 * Detects operations whose path changed, by their arguments, so that a tool keeps its name and curation when the API
 * moves it. The moves are stored in the edition's moves.yaml: new `METHOD /path` to old one.
 */
import { distance } from "fastest-levenshtein";
import { operationKey } from "../../derive/derive.ts";
import { bodySchemaOf, operationsOf, parametersOf, type Document } from "../document.ts";
import { fieldsOf, inlineSchema } from "../../derive/schema.ts";

interface Place {
  readonly at: string;
  readonly key: string;
  readonly method: string;
  readonly names: ReadonlySet<string>;
}

/** The least similarity (0 to 1) of paths and of argument names for two operations to count as the same. */
const alike = { path: 0.6, names: 0.7 };

/**
 * Maps new `METHOD /path` to old one, for each operation that only `after` has and that resembles one only `before`
 * has. Both are documents without drafts, because drafts keep an operation at its old path. `known` is the previous
 * facts: an operation that they have, from a draft, is not new.
 */
export function movesBetween(before: Document, after: Document, known: Document): Record<string, string> {
  const old = placesOf(before);
  const drafted = new Set(operationsOf(known).map(({ method, path }) => operationKey(method, path)));
  const current = placesOf(after);
  const gone = [...old.values()].filter(({ key }) => !current.has(key));
  const moves = new Map<string, string>();
  for (const place of [...current.values()].filter(({ key }) => !old.has(key) && !drafted.has(key))) {
    const best = gone
      .filter(({ method, at }) => method === place.method && ![...moves.values()].includes(at))
      .map((candidate) => ({
        at: candidate.at,
        path: pathLikeness(candidate.at, place.at),
        names: overlap(candidate.names, place.names),
      }))
      .filter(({ path, names }) => path >= alike.path && names >= alike.names)
      .sort((a, b) => b.path + b.names - (a.path + a.names))[0];
    if (best) moves.set(place.at, best.at);
  }
  return Object.fromEntries(moves);
}

function placesOf(document: Document): Map<string, Place> {
  return new Map(
    operationsOf(document).map(({ method, path, item, operation }) => {
      const body = bodySchemaOf(document, operation);
      const queries = parametersOf(document, item, operation).filter((parameter) => parameter.in === "query");
      const names = new Set([
        ...queries.map(({ name }) => name),
        ...Object.keys(body ? fieldsOf(inlineSchema(document, body.schema)).properties : {}),
      ]);
      const key = operationKey(method, path);
      return [key, { at: `${method.toUpperCase()} ${path}`, key, method, names }];
    }),
  );
}

function pathLikeness(a: string, b: string): number {
  const [first, second] = [a, b].map((at) => at.replace(/\{[^}]*\}/g, "{}").toLowerCase()) as [string, string];
  return 1 - distance(first, second) / Math.max(first.length, second.length);
}

function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const all = new Set([...a, ...b]);
  return all.size === 0 ? 1 : [...all].filter((name) => a.has(name) && b.has(name)).length / all.size;
}
