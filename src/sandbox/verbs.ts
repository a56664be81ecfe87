/**
 * What an operation does, from the form of its path and answer alone. No operation is named here: a document with a
 * hundred more is served by the same rules.
 */
import type { Behaviour } from "./call.ts";
import { create, list, read, remove, update } from "./collections.ts";
import type { ApiDocument, Operation } from "./document.ts";
import { nameless } from "./document.ts";
import { typeOf } from "./fits.ts";
import { changeListing, isListing, showListing, shrinkListing } from "./listings.ts";
import { fieldsOf } from "./schema.ts";
import { listField } from "./shape.ts";
import { act, readDocument, readVersion, listVersions, updateDocument, updateVersion } from "./singles.ts";
import { isVersioned } from "./versions.ts";

type Verbs = Readonly<Record<string, Behaviour>>;

const ofItem: Verbs = { GET: read, PUT: update, PATCH: update, DELETE: remove };
const ofVersion: Verbs = { GET: readVersion, PUT: updateVersion, PATCH: updateVersion };
const ofListing: Verbs = { GET: showListing, PUT: changeListing, PATCH: changeListing, DELETE: shrinkListing };
const ofCollection: Verbs = { GET: list, POST: create };
const ofDocument: Verbs = { GET: readDocument, PUT: updateDocument, PATCH: updateDocument };

/** Fields that an envelope has and a single resource has not. */
const envelopeFields = ["total", "total_count", "has_more"];

export function behaviourOf(document: ApiDocument, operation: Operation): Behaviour {
  return verbsOf(document, nameless(operation.path))[operation.method] ?? act;
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
  const shape = schemas.arms(get.answer)[0] ?? schemas.resolve(get.answer);
  if (typeOf(shape) === "array") return true;
  if (!fieldsOf(shape)) return hasItems;
  const field = listField(schemas, shape);
  return field !== undefined && (field === "data" || envelopeFields.some((name) => shape.properties?.[name]));
}
