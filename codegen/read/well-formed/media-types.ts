/** Media types that count as JSON, and the content type with which a body of such a type is sent. */
import { isObject } from "../objects.ts";
import { operationsOf, resolve, type Body, type Document } from "../document.ts";

type Content = Readonly<Record<string, unknown>>;

const JSON_TYPE = "application/json";
/** Plain JSON, in any letter case and with any parameters, such as a charset. */
const PLAIN = /^(?:application|text)\/json\s*(?:;|$)/i;
/** Wildcards, which include JSON. */
const ANY = /^(?:application|\*)\/\*\s*(?:;|$)/;
/** Types with the suffix `+json` (RFC 6839). */
const SUFFIXED = /^[\w.-]+\/[\w.-]+\+json\s*(?:;|$)/i;

/** The content with JSON renamed to `application/json`. If the document has that type itself, its own is used. */
export function withPlainNames(content: Content): Record<string, unknown> {
  const entries = Object.entries(content);
  const plainly = entries.filter(([type]) => type === JSON_TYPE);
  const named = entries.filter(([type]) => PLAIN.test(type)).map(([, media]) => [JSON_TYPE, media] as const);
  const any = entries.filter(isAnyJson).map(([, media]) => [JSON_TYPE, media] as const);
  const others = entries.filter((entry) => !PLAIN.test(entry[0]) && !isAnyJson(entry));
  return Object.fromEntries([...others, ...any, ...named, ...plainly]);
}

/** Whether a wildcard type means JSON: not if its schema is a text or a file. */
function isAnyJson([type, media]: readonly [string, unknown]): boolean {
  if (!ANY.test(type) || !isObject(media)) return false;
  return isObject(media["schema"]) && media["schema"]["type"] !== "string";
}

/**
 * A copy in which `+json` bodies and responses are `application/json`. A body keeps its own type, to be sent with, as
 * `x-media-type`. Content that declares `application/json` too is not changed.
 */
export function withSuffixedJson(document: Document): Document {
  const copy = structuredClone(document);
  for (const { operation } of operationsOf(copy)) {
    for (const holder of [operation.requestBody, ...Object.values(operation.responses)]) {
      if (holder) callJson(resolve(copy, holder));
    }
  }
  return copy;
}

function callJson(body: Body): void {
  const { content } = body;
  if (content === undefined || content[JSON_TYPE] !== undefined) return;
  const type = Object.keys(content).find((name) => SUFFIXED.test(name));
  if (type === undefined) return;
  const { [type]: media, ...others } = content;
  body.content = { ...others, [JSON_TYPE]: { ...media, "x-media-type": type.replace(/\s*;.*$/, "") } };
}
