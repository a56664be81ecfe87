/** Maps an operation's parameters and body to one flat list of arguments, each with its place in the request. */
import type { Argument, BodyStyle } from "../../src/catalog/record.ts";
import { bodySchemaOf, resolve, type Document, type Operation, type PathItem, type Schema } from "../read/document.ts";
import { argumentName } from "./argument-name.ts";
import { NotServedError, pathNames, servedParameters } from "./parameter.ts";
import { fieldsOf, inlineSchema, typeOf, withoutReadOnly } from "./schema.ts";

export interface OperationInput {
  readonly arguments: readonly Argument[];
  /** Each argument's self-contained schema, by its name. */
  readonly schemas: Readonly<Record<string, Schema>>;
  readonly body: BodyStyle;
  readonly bodyRequired: boolean;
  /** The content type of the body, if it is not `application/json`. */
  readonly mediaType?: string;
  /** Parts of the operation that cannot be arguments, each with the reason. */
  readonly notes: readonly string[];
}

/** An operation and its path. `spelling` is the path as the curation writes it. */
export interface InputPlace {
  readonly path: string;
  readonly item: PathItem;
  readonly operation: Operation;
  readonly spelling: string;
}

/**
 * Arguments have the API's names (argument-name.ts). Path parameters have the names of the curation, even if the
 * document has renamed them. If a name is needed twice, the second gets its place added.
 * Throws NotServedError if something required cannot be sent.
 */
export function inputOf(document: Document, { path, item, operation, spelling }: InputPlace): OperationInput {
  const list: Argument[] = [];
  const schemas: Record<string, Schema> = {};
  const called = partNames(path, spelling);
  const add = ({ api, place, required }: Omit<Argument, "name">, schema: Schema) => {
    const known = place === "path" ? (called.get(api) ?? api) : api;
    const name = argumentName(place, known, (other) => Object.hasOwn(schemas, other));
    if (Object.hasOwn(schemas, name)) throw new NotServedError(`argument ${api} stands in three places`);
    list.push({ name, api, place, required });
    schemas[name] = schema;
  };
  const parameters = servedParameters(document, path, item, operation);
  for (const { name, place, required, schema } of parameters.list) add({ api: name, place, required }, schema);

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
    add({ api: "body", place: "body", required: false }, schema);
    return { ...sent, body: "whole" };
  }
  for (const [name, field] of Object.entries(properties)) {
    add({ api: name, place: "body", required: !listVariant && required.includes(name) }, field);
  }
  if (listVariant) add({ api: "entries", place: "body", required: false }, listVariant);
  const style: BodyStyle = listVariant ? "fields-or-list" : "fields";
  return { ...sent, body: style };
}

/** Maps the document's name of each path parameter to the curation's. Empty if their numbers differ. */
function partNames(path: string, spelling: string): ReadonlyMap<string, string> {
  const [theirs, ours] = [pathNames(path), pathNames(spelling)];
  return new Map(theirs.length === ours.length ? theirs.map((name, at) => [name, ours[at] ?? name]) : []);
}

/** The note about a body that is not JSON, if there is one. Throws NotServedError if that body is required. */
function otherBody(document: Document, operation: Operation): string | undefined {
  if (!operation.requestBody) return undefined;
  const body = resolve(document, operation.requestBody);
  const types = Object.keys(body.content ?? {}).filter((type) => type !== "application/json");
  if (types.length === 0) return undefined;
  const reason = `a body of ${types.join(" or ")} cannot be sent`;
  if (body.required === true) throw new NotServedError(reason);
  return reason;
}
