/**
 * Chooses the default handler of an operation by the form of its path and answer. It names no operation, so new ones
 * in the document are served without a change.
 */
import type { Handler } from "./call.ts";
import { create, list, read, remove, update } from "./collections.ts";
import type { ApiDocument, Operation } from "../shapes/document.ts";
import { withoutNames } from "../shapes/document.ts";
import { schemaType } from "../shapes/matches-schema.ts";
import { updateListing, isListing, readListing, removeFromListing } from "./listings.ts";
import { declaredFields } from "../shapes/schema.ts";
import { findListField } from "../shapes/shape.ts";
import { performAction, readDocument, readVersion, listVersions, updateDocument, updateVersion } from "./singletons.ts";
import { isVersioned } from "./versions.ts";

type Verbs = Readonly<Record<string, Handler>>;

const itemVerbs: Verbs = { GET: read, PUT: update, PATCH: update, DELETE: remove };
const versionVerbs: Verbs = { GET: readVersion, PUT: updateVersion, PATCH: updateVersion };
const listingVerbs: Verbs = { GET: readListing, PUT: updateListing, PATCH: updateListing, DELETE: removeFromListing };
const collectionVerbs: Verbs = { GET: list, POST: create };
const documentVerbs: Verbs = { GET: readDocument, PUT: updateDocument, PATCH: updateDocument };

/** Fields that only the envelope of a list has. */
const envelopeFields = ["total", "total_count", "has_more"];

export function defaultHandler(document: ApiDocument, operation: Operation): Handler {
  return chooseVerbs(document, withoutNames(operation.path))[operation.method] ?? performAction;
}

function chooseVerbs(document: ApiDocument, path: string): Verbs {
  if (path.endsWith("/{}")) return path.endsWith("/versions/{}") ? versionVerbs : itemVerbs;
  if (path.endsWith("/versions") && isVersioned(path.slice(0, -"/{}/versions".length))) return { GET: listVersions };
  if (isListing(document, path)) return listingVerbs;
  if (isCollection(document, path)) return collectionVerbs;
  return document.find(`GET ${path}`) ? documentVerbs : {};
}

/** Whether a path is a collection: its items have paths of their own, or its GET returns a list. */
function isCollection(document: ApiDocument, path: string): boolean {
  const get = document.find(`GET ${path}`);
  const hasItems = ["GET", "PUT", "DELETE"].some((method) => document.find(`${method} ${path}/{}`));
  if (!get) return hasItems;
  if (!get.answer) return false;
  const { schemas } = document;
  const shape = schemas.variants(get.answer)[0] ?? schemas.resolve(get.answer);
  if (schemaType(shape) === "array") return true;
  if (!declaredFields(shape)) return hasItems;
  const field = findListField(schemas, shape);
  return field !== undefined && (field === "data" || envelopeFields.some((name) => shape.properties?.[name]));
}
