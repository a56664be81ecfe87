/** An operation's input as one flat list of arguments, each bound to its place in the request. */
import type { Argument, BodyStyle } from "../../src/catalog/record.ts";
import {
  bodySchemaOf,
  parametersOf,
  type Document,
  type Operation,
  type PathItem,
  type Schema,
} from "../read/document.ts";
import { fieldsOf, inlineSchema, typeOf } from "./schema.ts";
import { snakeCase } from "./words.ts";

export interface OperationInput {
  readonly arguments: readonly Argument[];
  /** Each argument's self-contained schema, by its name. */
  readonly schemas: Readonly<Record<string, Schema>>;
  readonly body: BodyStyle;
  readonly bodyRequired: boolean;
}

/** Sent by the client itself, never an argument. */
const ownHeaders = new Set(["x-portkey-api-key", "authorization", "content-type"]);

/**
 * Path parameters in snake_case, query and body fields under the API's names. Throws where two places claim one name:
 * an overlay action must then rename one, since neither can be dropped.
 */
export function inputOf(document: Document, item: PathItem, operation: Operation): OperationInput {
  const list: Argument[] = [];
  const schemas: Record<string, Schema> = {};
  const add = (argument: Argument, schema: Schema) => {
    if (schemas[argument.name]) throw new Error(`argument ${argument.name} stands in two places`);
    list.push(argument);
    schemas[argument.name] = schema;
  };
  for (const parameter of parametersOf(document, item, operation)) {
    if (parameter.in !== "path" && parameter.in !== "query") {
      if (parameter.in === "header" && ownHeaders.has(parameter.name.toLowerCase())) continue;
      throw new Error(`${parameter.in} parameter ${parameter.name} is not supported`);
    }
    const name = parameter.in === "path" ? snakeCase(parameter.name) : parameter.name;
    const required = parameter.in === "path" || parameter.required === true;
    add(
      { name, api: parameter.name, place: parameter.in, required },
      inlineSchema(document, parameter.schema ?? { type: "string" }),
    );
  }

  const body = bodySchemaOf(document, operation);
  if (!body) return { arguments: list, schemas, body: "none", bodyRequired: false };
  const schema = inlineSchema(document, body.schema);
  const variants = schema.oneOf ?? schema.anyOf;
  const listVariant = variants?.find((variant) => typeOf(variant) === "array");
  const objectVariant = listVariant ? variants?.find((variant) => typeOf(variant) === "object") : schema;
  const { properties, required } = fieldsOf(objectVariant ?? {});
  if (!listVariant && Object.keys(properties).length === 0) {
    add({ name: "body", api: "body", place: "body", required: false }, schema);
    return { arguments: list, schemas, body: "whole", bodyRequired: body.required };
  }
  for (const [name, field] of Object.entries(properties)) {
    add({ name, api: name, place: "body", required: !listVariant && required.includes(name) }, field);
  }
  if (listVariant) add({ name: "entries", api: "entries", place: "body", required: false }, listVariant);
  return { arguments: list, schemas, body: listVariant ? "fields-or-list" : "fields", bodyRequired: body.required };
}
