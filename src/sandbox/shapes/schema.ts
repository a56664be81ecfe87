/**
 * Reads OpenAPI 3.0 Schema Objects, with references resolved and `allOf` merged.
 * https://spec.openapis.org/oas/v3.0.3#schema-object
 */
import { isObject } from "../../catalog/json.ts";
import { without, type Json } from "../json.ts";

export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly nullable?: boolean;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly additionalProperties?: boolean | Schema;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
}

/** The fields that a resolved schema declares; undefined where it declares none. */
export function declaredFields(schema: Schema): Readonly<Record<string, Schema>> | undefined {
  return schema.properties && Object.keys(schema.properties).length > 0 ? schema.properties : undefined;
}

/** Resolves schemas of one document, each once. */
export class SchemaReader {
  readonly #document: Json;
  readonly #resolved = new WeakMap<Schema, Schema>();

  constructor(document: Json) {
    this.#document = document;
  }

  /** The node that a local reference (`#/components/…`) points to; any other value itself. */
  dereference<T>(value: T): T {
    let node: unknown = value;
    while (isObject(node) && typeof node["$ref"] === "string") node = this.#at(node["$ref"]);
    return node as T;
  }

  /** The schema without `$ref` and `allOf`; its properties and variants are not resolved. */
  resolve(schema: Schema): Schema {
    const known = this.#resolved.get(schema);
    if (known) return known;
    const node = this.dereference(schema);
    const flat = node.allOf ? this.#merged(node, node.allOf) : node;
    this.#resolved.set(schema, flat);
    return flat;
  }

  /** The alternatives of a `oneOf` or `anyOf`, resolved; empty where there are none. */
  variants(schema: Schema): Schema[] {
    const base = this.resolve(schema);
    return (base.oneOf ?? base.anyOf ?? []).map((variant) => this.resolve(variant));
  }

  #merged(node: Schema, parts: readonly Schema[]): Schema {
    let merged = without(node as Json, "allOf") as Schema;
    for (const part of parts.map((entry) => this.resolve(entry))) {
      merged = {
        ...part,
        ...merged,
        properties: { ...part.properties, ...merged.properties },
        required: [...(part.required ?? []), ...(merged.required ?? [])],
      };
    }
    return merged;
  }

  #at(pointer: string): unknown {
    let node: unknown = this.#document;
    for (const part of pointer.replace(/^#\//, "").split("/")) {
      node = isObject(node) ? node[part.replaceAll("~1", "/").replaceAll("~0", "~")] : undefined;
    }
    if (node === undefined) throw new Error(`The facts refer to ${pointer}, which they do not contain.`);
    return node;
  }
}
