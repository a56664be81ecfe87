/**
 * What an operation does, from the form of its path and answer alone. No operation is named here: a document with a
 * hundred more is served by the same rules.
 */
import type { Handler } from "./call.ts";
import { create, list, read, remove, update } from "./collections.ts";
import type { ApiDocument, Operation } from "../shapes/document.ts";
import { nameless } from "../shapes/document.ts";
import { typeOf } from "../shapes/matches-schema.ts";
import { updateListing, isListing, readListing, removeFromListing } from "./listings.ts";
import { fieldsOf } from "../shapes/schema.ts";
import { listField } from "../shapes/shape.ts";
import { performAction, readDocument, readVersion, listVersions, updateDocument, updateVersion } from "./singletons.ts";
import { isVersioned } from "./versions.ts";

type Verbs = Readonly<Record<string, Handler>>;

const ofItem: Verbs = { GET: read, PUT: update, PATCH: update, DELETE: remove };
const ofVersion: Verbs = { GET: readVersion, PUT: updateVersion, PATCH: updateVersion };
const ofListing: Verbs = { GET: readListing, PUT: updateListing, PATCH: updateListing, DELETE: removeFromListing };
const ofCollection: Verbs = { GET: list, POST: create };
const ofDocument: Verbs = { GET: readDocument, PUT: updateDocument, PATCH: updateDocument };

/** Fields that an envelope has and a single resource has not. */
const envelopeFields = ["total", "total_count", "has_more"];

export function defaultHandler(document: ApiDocument, operation: Operation): Handler {
  return verbsOf(document, nameless(operation.path))[operation.method] ?? performAction;
}

function verbsOf(document: ApiDocument, path: string): Verbs {
  if (path.endsWith("/{}")) return path.endsWith("/versions/{}") ? ofVersion : ofItem;
  if (path.endsWith("/versions") && isVersioned(path.slice(0, -"/{}/versions".length))) return { GET: listVersions };
  if (isListing(document, path)) return ofListing;
  if (isCollection(document, path)) return ofCollection;
  return document.find(`GET ${path}`) ? ofDocument : {};
}

/** A collection has items with paths of their own, or its GET answers with a list. */
function isCollection(document: ApiDocument, path: string): boolean {
  const get = document.find(`GET ${path}`);
  const hasItems = ["GET", "PUT", "DELETE"].some((method) => document.find(`${method} ${path}/{}`));
  if (!get) return hasItems;
  if (!get.answer) return false;
  const { schemas } = document;
  const shape = schemas.variants(get.answer)[0] ?? schemas.resolve(get.answer);
  if (typeOf(shape) === "array") return true;
  if (!fieldsOf(shape)) return hasItems;
  const field = listField(schemas, shape);
  return field !== undefined && (field === "data" || envelopeFields.some((name) => shape.properties?.[name]));
}
