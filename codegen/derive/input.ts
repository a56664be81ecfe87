/** An operation's input as one flat list of arguments, each bound to its place in the request. */
import type { Argument, BodyStyle } from "../../src/catalog/record.ts";
import { bodySchemaOf, resolve, type Document, type Operation, type PathItem, type Schema } from "../read/document.ts";
import { NotServedError, servedParameters } from "./parameter.ts";
import { fieldsOf, inlineSchema, typeOf, withoutReadOnly } from "./schema.ts";
import { snakeCase } from "./words.ts";

export interface OperationInput {
  readonly arguments: readonly Argument[];
  /** Each argument's self-contained schema, by its name. */
  readonly schemas: Readonly<Record<string, Schema>>;
  readonly body: BodyStyle;
  readonly bodyRequired: boolean;
  /** What the body must be called, where that is not `application/json`. */
  readonly mediaType?: string;
  /** What of the operation cannot be an argument, and why. */
  readonly notes: readonly string[];
}

/**
 * Parts of the path and headers in snake_case, query and body fields under the API's names. Where two places claim
 * one name, the second is called by its place too. Throws NotServedError where something required cannot be sent.
 */
export function inputOf(document: Document, path: string, item: PathItem, operation: Operation): OperationInput {
  const list: Argument[] = [];
  const schemas: Record<string, Schema> = {};
  const add = (argument: Argument, schema: Schema) => {
    const name = Object.hasOwn(schemas, argument.name) ? `${argument.place}_${argument.name}` : argument.name;
    if (Object.hasOwn(schemas, name)) throw new NotServedError(`argument ${argument.name} stands in three places`);
    list.push({ ...argument, name });
    schemas[name] = schema;
  };
  const parameters = servedParameters(document, path, item, operation);
  for (const { name, place, required, schema } of parameters.list)
    add({ name: place === "query" ? name : snakeCase(name), api: name, place, required }, schema);

  const notes = [...parameters.notes];
  const body = bodySchemaOf(document, operation);
  if (!body) {
    const reason = otherBody(document, operation);
    if (reason !== undefined) notes.push(reason);
    return { arguments: list, schemas, body: "none", bodyRequired: false, notes };
  }
  const { required: bodyRequired, mediaType } = body;
  const sent = { arguments: list, schemas, bodyRequired, ...(mediaType !== undefined && { mediaType }), notes };
  const schema = withoutReadOnly(inlineSchema(document, body.schema));
  const variants = schema.oneOf ?? schema.anyOf;
  const listVariant = variants?.find((variant) => typeOf(variant) === "array");
  const objectVariant = listVariant ? variants?.find((variant) => typeOf(variant) === "object") : schema;
  const { properties, required } = fieldsOf(objectVariant ?? {});
  if (!listVariant && Object.keys(properties).length === 0) {
    add({ name: "body", api: "body", place: "body", required: false }, schema);
    return { ...sent, body: "whole" };
  }
  for (const [name, field] of Object.entries(properties)) {
    add({ name, api: name, place: "body", required: !listVariant && required.includes(name) }, field);
  }
  if (listVariant) add({ name: "entries", api: "entries", place: "body", required: false }, listVariant);
  const style: BodyStyle = listVariant ? "fields-or-list" : "fields";
  return { ...sent, body: style };
}

/** What is said of a body that is no JSON. Throws NotServedError where the operation demands it. */
function otherBody(document: Document, operation: Operation): string | undefined {
  if (!operation.requestBody) return undefined;
  const body = resolve(document, operation.requestBody);
  const types = Object.keys(body.content ?? {}).filter((type) => type !== "application/json");
  if (types.length === 0) return undefined;
  const reason = `a body of ${types.join(" or ")} cannot be sent`;
  if (body.required === true) throw new NotServedError(reason);
  return reason;
}
