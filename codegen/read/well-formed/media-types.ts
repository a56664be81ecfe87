/** What is JSON under another name: which media types are read and sent, and by which name they go out. */
import { isObject } from "../objects.ts";
import { operationsOf, resolve, type Body, type Document } from "../document.ts";

type Content = Readonly<Record<string, unknown>>;

const JSON_TYPE = "application/json";
/** With any case and parameters, such as a charset. */
const PLAIN = /^(?:application|text)\/json\s*(?:;|$)/i;
/** Whatever is sent is taken, JSON too. */
const ANY = /^(?:application|\*)\/\*\s*(?:;|$)/;
/** A format of its own, written as JSON (RFC 6839). */
const SUFFIXED = /^[\w.-]+\/[\w.-]+\+json\s*(?:;|$)/i;

/** JSON under its plain name, whatever the document calls it; what the document itself calls so goes before. */
export function withPlainNames(content: Content): Record<string, unknown> {
  const entries = Object.entries(content);
  const plainly = entries.filter(([type]) => type === JSON_TYPE);
  const named = entries.filter(([type]) => PLAIN.test(type)).map(([, media]) => [JSON_TYPE, media] as const);
  const any = entries.filter(isAnyJson).map(([, media]) => [JSON_TYPE, media] as const);
  const others = entries.filter((entry) => !PLAIN.test(entry[0]) && !isAnyJson(entry));
  return Object.fromEntries([...others, ...any, ...named, ...plainly]);
}

/** A text or a file may be anything but JSON. */
function isAnyJson([type, media]: readonly [string, unknown]): boolean {
  if (!ANY.test(type) || !isObject(media)) return false;
  return isObject(media["schema"]) && media["schema"]["type"] !== "string";
}

/**
 * A copy in which bodies and answers of a format written as JSON are JSON; a body keeps as `x-media-type` how it must
 * be called when it is sent. A document that has both loses the format's own.
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
