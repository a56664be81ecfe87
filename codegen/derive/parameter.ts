/** Parameters as arguments: which can be sent as the document wants them, and how. */
import type { Document, Operation, Parameter, PathItem, Schema } from "../read/document.ts";
import { parametersOf } from "../read/document.ts";
import { inlineSchema, typeOf } from "./schema.ts";

/** An operation that cannot be served as the document has it. The message says why. */
export class NotServedError extends Error {}

/** Sent by the client itself, never an argument. */
const ownHeaders = new Set(["x-portkey-api-key", "authorization", "content-type", "accept", "user-agent"]);

/** Headers that say how a message travels, not what it asks (RFC 9110, 7.6.1 and 8.6): no caller's to give. */
const travelHeaders = new Set([
  ...["host", "connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "content-length"],
  ...["content-encoding", "accept-encoding", "expect", "cookie", "cookie2", "forwarded", "via"],
]);
const travelPrefixes = ["x-forwarded-", "proxy-"];

function isTravelHeader(name: string): boolean {
  const plain = name.toLowerCase();
  return travelHeaders.has(plain) || travelPrefixes.some((prefix) => plain.startsWith(prefix));
}

export interface ServedParameter {
  readonly name: string;
  readonly place: "path" | "query" | "header";
  readonly required: boolean;
  readonly schema: Schema;
}

export interface ServedParameters {
  readonly list: readonly ServedParameter[];
  /** Optional parameters that cannot be sent, each with the reason. */
  readonly notes: readonly string[];
}

/** Throws NotServedError where a required parameter cannot be sent. */
export function servedParameters(
  document: Document,
  path: string,
  item: PathItem,
  operation: Operation,
): ServedParameters {
  const list: ServedParameter[] = [];
  const notes: string[] = [];
  const named = pathNames(path);
  for (const parameter of parametersOf(document, item, operation)) {
    if (!isParameter(parameter)) {
      notes.push("what stands among the parameters and has no name, or no place to go, is left out");
      continue;
    }
    if (parameter.in === "path" && !named.includes(parameter.name)) {
      notes.push(`the path has no {${parameter.name}}: its parameter is left out`);
      continue;
    }
    const reason = whyNotSent(document, parameter);
    if (reason === undefined) list.push(served(document, parameter));
    else if (reason !== "" && parameter.required === true)
      throw new NotServedError(`${parameter.in} parameter ${parameter.name} is required, and ${reason}`);
    else if (reason !== "") notes.push(`${parameter.in} parameter ${parameter.name} is left out: ${reason}`);
  }
  for (const name of named)
    if (!list.some((parameter) => parameter.place === "path" && parameter.name === name))
      list.push({ name, place: "path", required: true, schema: { type: "string" } });
  return { list, notes };
}

/** A reference may lead to something else. */
function isParameter({ name, in: place }: Partial<Parameter>): boolean {
  return typeof name === "string" && ["path", "query", "header", "cookie"].includes(place ?? "");
}

/** What stands in the braces of a path, in order. */
export function pathNames(path: string): string[] {
  return [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name as string);
}

/** Undefined where it can be sent; empty where this server sends it anyway. */
function whyNotSent(document: Document, parameter: Parameter): string | undefined {
  if (parameter.in === "header" && ownHeaders.has(parameter.name.toLowerCase())) return "";
  if (parameter.in === "cookie") return "a cookie is not an argument";
  if (parameter.in === "header") return headerReason(parameter.name);
  const type = typeOf(inlineSchema(document, parameter.schema ?? {}));
  const style = parameter["style"] ?? "form";
  if (
    parameter.in === "query" &&
    type === "object" &&
    !parameter["content"] &&
    style === "form" &&
    parameter["explode"] === true
  )
    return "an object spread over the query is not an argument";
  return undefined;
}

function headerReason(name: string): string | undefined {
  if (isTravelHeader(name)) return "it says how a message travels";
  return /^[\w!#$%&'*+.^`|~-]+$/.test(name) ? undefined : "it is no name of a header";
}

/**
 * A list goes out as `name=a&name=b` and an object as `name[key]=value`. Where the document wants them otherwise
 * (separated by commas, spaces or pipes; as JSON), and in a path or a header, the argument is the text itself.
 */
function served(document: Document, parameter: Parameter): ServedParameter {
  const { name, in: place, schema, required } = parameter;
  const inlined = inlineSchema(document, schema ?? { type: "string" });
  const type = typeOf(inlined);
  const isText = parameter["content"] !== undefined || (type === "array" && isSeparated(parameter));
  return {
    name,
    place: place as ServedParameter["place"],
    required: place === "path" || required === true,
    schema: isText || (place !== "query" && (type === "array" || type === "object")) ? { type: "string" } : inlined,
  };
}

function isSeparated({ style, explode }: Parameter): boolean {
  return explode === false || style === "spaceDelimited" || style === "pipeDelimited";
}
