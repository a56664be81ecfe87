/**
 * What a field's schema and tool say beside its text: what null does, and that an object goes out whole where the API
 * does not tell whether an update merges or replaces it. A text that says so itself, in better words, gets no note.
 */
import type { Schema } from "../read/document.ts";
import { typeOf } from "./schema.ts";

/** Where a field stands. */
export interface FieldPlace {
  /** The tool changes what is there. */
  readonly updates: boolean;
  /** An argument of the tool itself, sent in the body. */
  readonly sent: boolean;
  /** Inside a list's entry, which is written anew. */
  readonly inList: boolean;
}

const SAYS_NULL = /\bnull\b/;
const SAYS_HOW = /replac|merg|\bstays?\b|\bwhole\b|\bin place\b|\badds?\b|\bonly those named\b/i;
const LONGEST = 90;

/** `text` with its notes, as far as they fit: the test of texts names those that do not. */
export function withNotes(text: string, schema: Schema, place: FieldPlace): string {
  if (text === "") return text;
  const notes = [wholeNote(text, schema, place), nullNote(text, schema, place)].filter((note) => note !== undefined);
  return notes.reduce<string>((said, note) => (said.length + note.length > LONGEST ? said : said + note), text);
}

function wholeNote(text: string, schema: Schema, { updates, sent }: FieldPlace): string | undefined {
  if (!updates || !sent || SAYS_HOW.test(text)) return undefined;
  const mark = text.includes(";") ? "," : ";";
  if (isObject(schema)) return `${mark} send it whole`;
  return isObjectList(schema) ? `${mark} send all of them` : undefined;
}

function nullNote(text: string, schema: Schema, { updates, inList }: FieldPlace): string | undefined {
  if (!takesNull(schema) || SAYS_NULL.test(text)) return undefined;
  return updates && !inList ? "; null clears it" : "; null: none";
}

function takesNull(schema: Schema): boolean {
  const arms = schema.oneOf ?? schema.anyOf ?? [];
  return schema.nullable === true || (schema.enum ?? []).includes(null) || arms.some(takesNull);
}

/** An object in each of its forms: what may be a word too is no object to send whole. */
function isObject(schema: Schema): boolean {
  const arms = schema.oneOf ?? schema.anyOf ?? [];
  return typeOf(schema) === "object" || (arms.length > 0 && arms.every(isObject));
}

function isObjectList(schema: Schema): boolean {
  const arms = schema.oneOf ?? schema.anyOf ?? [];
  return (typeOf(schema) === "array" && isObject(schema.items ?? {})) || arms.some(isObjectList);
}
