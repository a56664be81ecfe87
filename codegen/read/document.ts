/**
 * The types of an OpenAPI 3.0 document as plain data, and functions to look things up in it.
 * https://spec.openapis.org/oas/v3.0.3
 */
export interface Schema {
  $ref?: string;
  type?: string;
  format?: string;
  enum?: unknown[];
  nullable?: boolean;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: boolean | Schema;
  allOf?: Schema[];
  oneOf?: Schema[];
  anyOf?: Schema[];
  not?: Schema;
  [keyword: string]: unknown;
}

export interface Parameter {
  $ref?: string;
  name: string;
  in: string;
  required?: boolean;
  schema?: Schema;
  [keyword: string]: unknown;
}

export interface Body {
  $ref?: string;
  required?: boolean;
  content?: Record<string, { schema?: Schema; "x-media-type"?: string }>;
  [keyword: string]: unknown;
}

export interface Operation {
  operationId?: string;
  parameters?: Parameter[];
  requestBody?: Body;
  responses: Record<string, Body>;
  [keyword: string]: unknown;
}

export type PathItem = { servers?: { url: string }[]; parameters?: Parameter[] } & { [method in Method]?: Operation };

export interface Document {
  openapi: string;
  info: Record<string, unknown>;
  servers?: { url: string }[];
  paths: Record<string, PathItem>;
  components?: Record<string, Record<string, unknown>>;
  [keyword: string]: unknown;
}

export const methods = ["get", "post", "put", "patch", "delete"] as const;
export type Method = (typeof methods)[number];

/** All operations of a document with method and path, in the document's order. */
export function operationsOf(
  document: Document,
): { method: Method; path: string; item: PathItem; operation: Operation }[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method];
      return operation ? [{ method, path, item, operation }] : [];
    }),
  );
}

/** Follows `$ref`, and chains of them, to the target object. Throws if the target does not exist. */
export function resolve<T extends { $ref?: string }>(document: Document, node: T): T {
  let current: T = node;
  for (let links = 0; current.$ref !== undefined; links++) {
    const found = lookUp(document, current.$ref);
    if (found === undefined || links > 50) throw new Error(`${current.$ref} points nowhere`);
    current = found as T;
  }
  return current;
}

/** The value at a local JSON pointer (`#/a/b`), or undefined. The pointer may be percent-encoded, as in a URL. */
export function lookUp(document: Document, pointer: string): unknown {
  const found = atPointer(document, pointer);
  return found === undefined && pointer.includes("%") ? atPointer(document, percentDecoded(pointer)) : found;
}

function percentDecoded(pointer: string): string {
  try {
    return decodeURIComponent(pointer);
  } catch {
    return pointer;
  }
}

function atPointer(document: Document, pointer: string): unknown {
  if (!pointer.startsWith("#/")) return undefined;
  const steps = pointer
    .slice(2)
    .split("/")
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  // Own members only: inherited ones, such as `constructor`, are not part of the document.
  return steps.reduce<unknown>(
    (node, step) =>
      node !== null && typeof node === "object" && Object.hasOwn(node, step)
        ? (node as Record<string, unknown>)[step]
        : undefined,
    document,
  );
}

/** The path item's parameters, overridden by the operation's of the same name and place (OAS 3.0, 4.7.10). */
export function parametersOf(document: Document, item: PathItem, operation: Operation): Parameter[] {
  const merged = new Map<string, Parameter>();
  for (const reference of [...(item.parameters ?? []), ...(operation.parameters ?? [])]) {
    const parameter = resolve(document, reference);
    merged.set(`${parameter.in} ${parameter.name}`, parameter);
  }
  return [...merged.values()];
}

export interface JsonBody {
  readonly schema: Schema;
  readonly required: boolean;
  /** The content type to send it with, if it is not `application/json`. */
  readonly mediaType?: string;
}

/** The JSON body of an operation, or undefined if it has none. */
export function bodySchemaOf(document: Document, operation: Operation): JsonBody | undefined {
  if (!operation.requestBody) return undefined;
  const body = resolve(document, operation.requestBody);
  const media = body.content?.["application/json"];
  if (media?.schema === undefined) return undefined;
  const { schema, "x-media-type": mediaType } = media;
  return { schema, required: body.required === true, ...(mediaType !== undefined && { mediaType }) };
}

/** The schema of the 2xx JSON response, or undefined if none is declared. */
export function answerSchemaOf(document: Document, operation: Operation): Schema | undefined {
  const status = Object.keys(operation.responses).find((code) => code.startsWith("2"));
  if (status === undefined) return undefined;
  return resolve(document, operation.responses[status] as Body).content?.["application/json"]?.schema;
}
