/** Decides which parameters of an operation become arguments, and with which schema. */
import type { Document, Operation, Parameter, PathItem, Schema } from "../read/document.ts";
import { parametersOf } from "../read/document.ts";
import { inlineSchema, typeOf } from "./schema.ts";

/** The operation cannot be a tool. The message gives the reason. */
export class NotServedError extends Error {}

/** Headers that this server's HTTP client sets itself. They are never arguments. */
const ownHeaders = new Set(["x-portkey-api-key", "authorization", "content-type", "accept", "user-agent"]);

/** Headers about the connection, framing or routing of a message (RFC 9110, 7.6.1 and 8.6). Callers cannot set them. */
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

/** The parameters that can be sent. Throws NotServedError if a required one cannot. */
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

/** A `$ref` among the parameters may resolve to something that is not a parameter. */
function isParameter({ name, in: place }: Partial<Parameter>): boolean {
  return typeof name === "string" && ["path", "query", "header", "cookie"].includes(place ?? "");
}

/** The names of the parameters in a path template, in order. */
export function pathNames(path: string): string[] {
  return [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name as string);
}

/** The reason why a parameter is not an argument. Undefined if it is one; empty if the server sends it itself. */
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
 * In a query, a list is sent as `name=a&name=b` and an object as `name[key]=value`. For every other serialisation
 * (commas, spaces, pipes, JSON), and in a path or a header, the argument is a string that the caller serialises.
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
