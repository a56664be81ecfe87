/** Loosens the schemas of a document where its own samples contradict them. */
import { parametersOf, operationsOf, type Document } from "../document.ts";
import type { Note } from "../note.ts";
import { samplesOf, type Sample } from "./collect.ts";
import { loosen, type Loosening } from "./loosen.ts";

type TakesField = NonNullable<Loosening["takesField"]>;

const spelling = (name: string) => name.replace(/[^A-Za-z0-9]/g, "").toLowerCase();

/** For code samples (`shown`), only new top-level fields count: other spellings and inner fields may be mistakes. */
const takenFields: Readonly<Partial<Record<Sample["kind"], TakesField>>> = {
  body: () => true,
  shown: (name, { properties = {} }, at) =>
    at === name && !Object.keys(properties).some((known) => spelling(known) === spelling(name)),
};

/** Loosens `document` in place. Returns a note for each change, without duplicates. */
export function loosenBySamples(document: Document): Note[] {
  const notes = new Map<string, Note>();
  const { samples, requests } = samplesOf(document);
  const sayAt = (at: string) => (what: string) => notes.set(`${at} ${what}`, { at, what });
  for (const { at, kind, schema, value } of samples) {
    const takesField = takenFields[kind];
    const rules = { ...(takesField && { takesField }), handwritten: kind === "shown" };
    loosen({ document, ...rules, say: sayAt(at) }, schema, value, { at: "", depth: 0 });
  }
  for (const { method, path, item, operation } of operationsOf(document)) {
    const shown = requests.filter((request) => request.operation === operation);
    for (const parameter of parametersOf(document, item, operation)) {
      if (parameter.in !== "query" || parameter.required !== true) continue;
      if (shown.every(({ query }) => query.has(parameter.name))) continue;
      sayAt(`${method.toUpperCase()} ${path}`)(`${parameter.name} is not required`);
      parameter.required = false;
    }
  }
  return [...notes.values()];
}
