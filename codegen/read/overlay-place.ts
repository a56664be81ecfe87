/** Places in a document by their normalised JSONPath (RFC 9535, 2.7). */

export type Step = string | number;

export interface PlaceInDocument {
  readonly holder: object;
  readonly step: Step;
  readonly text: string;
}

/** The steps of `$['a'][0]['b']`. */
export function stepsOf(path: string): Step[] {
  const parts = path.matchAll(/\['((?:[^'\\]|\\.)*)'\]|\[(\d+)\]/g);
  return [...parts].map(([, name, index]) => (name === undefined ? Number(index) : name.replace(/\\(.)/g, "$1")));
}

/** Each place with what holds it; the document's root is held by `{ root }` under the step `root`. */
export function placesIn(document: object, paths: readonly string[]): PlaceInDocument[] {
  return paths.flatMap((text) => {
    const steps = stepsOf(text);
    const last = steps.pop();
    if (last === undefined) return [];
    const holder = steps.reduce<unknown>((node, step) => (node as Record<Step, unknown>)[step], document);
    return [{ holder: holder as object, step: last, text }];
  });
}
