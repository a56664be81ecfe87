/**
 * Adds notes to a field's text: what null does, and that an object must be sent whole if the API does not document
 * whether an update merges or replaces it. A text that already says so gets no note.
 */
import type { Schema } from "../read/document.ts";
import { typeOf } from "./schema.ts";

/** The position of a field in a tool's arguments. */
export interface FieldPlace {
  /** The tool updates something that exists. */
  readonly updates: boolean;
  /** The field is a top-level argument of the tool, sent in the body. */
  readonly sent: boolean;
  /** The field is inside a list item. List items are replaced, not updated. */
  readonly inList: boolean;
}

const SAYS_NULL = /\bnull\b/;
const SAYS_HOW = /replac|merg|\bstays?\b|\bwhole\b|\bin place\b|\badds?\b|\bonly those named\b/i;
const LONGEST = 90;

/** `text` with its notes. A note that would make it too long is left out; a test reports such texts. */
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

/** Whether every variant is an object. A field that also accepts a string does not count. */
function isObject(schema: Schema): boolean {
  const arms = schema.oneOf ?? schema.anyOf ?? [];
  return typeOf(schema) === "object" || (arms.length > 0 && arms.every(isObject));
}

function isObjectList(schema: Schema): boolean {
  const arms = schema.oneOf ?? schema.anyOf ?? [];
  return (typeOf(schema) === "array" && isObject(schema.items ?? {})) || arms.some(isObjectList);
}
