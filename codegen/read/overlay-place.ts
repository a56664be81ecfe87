/** Places in a document, identified by normalised JSONPaths (RFC 9535, 2.7). */

export type Step = string | number;

export interface PlaceInDocument {
  readonly steps: readonly Step[];
  readonly text: string;
  readonly value: unknown;
}

/** The steps of `$['a'][0]['b']`. */
export function stepsOf(path: string): Step[] {
  const parts = path.matchAll(/\['((?:[^'\\]|\\.)*)'\]|\[(\d+)\]/g);
  return [...parts].map(([, name, index]) => (name === undefined ? Number(index) : name.replace(/\\(.)/g, "$1")));
}

/** The normalised path of these steps. */
export function textOf(steps: readonly Step[]): string {
  const quoted = (name: string) => `['${name.replace(/[\\']/g, "\\$&")}']`;
  return `$${steps.map((step) => (typeof step === "number" ? `[${step}]` : quoted(step))).join("")}`;
}

/** The places of these normalised paths, each with its value in the document. */
export function placesIn(document: object, paths: readonly string[]): PlaceInDocument[] {
  return paths.map((text) => {
    const steps = stepsOf(text);
    const value = steps.reduce<unknown>((node, step) => (node as Record<Step, unknown>)[step], document);
    return { steps, text, value };
  });
}
