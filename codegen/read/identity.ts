/** Checks that a document belongs to the edition: another API's was once published under the same file name. */
import type { Selection } from "./selection.ts";
import type { Document } from "./document.ts";
import { SourceError, type SourceDocument } from "./load.ts";
import { isObject } from "./objects.ts";
import { addressesOf } from "./servers.ts";

/**
 * A document with the edition's host is accepted. Throws SourceError for one that has another edition's host instead,
 * or that has neither the host nor the header of the key.
 */
export function checkIdentity(
  { document, placeOf }: SourceDocument,
  selection: Selection,
  others: ReadonlyMap<string, Selection>,
): void {
  const { key, host } = selection.identity;
  const hosts = hostsOf(document);
  if (hosts.includes(host)) return;
  const title = JSON.stringify(document.info?.["title"] ?? "without a title");
  const other = [...others].find(([, { identity }]) => hosts.includes(identity.host));
  if (other) {
    const reason = `a document of the edition ${other[0]} (${title}): import it with --edition ${other[0]}`;
    throw new SourceError(`${placeOf(["info", "title"])}: ${reason}`);
  }
  if (key !== undefined && keyHeaders(document).includes(key)) return;
  const wanted = key === undefined ? `not the host ${host}` : `neither the header ${key} nor the host ${host}`;
  const reason = `another API (${title}): it has ${wanted}`;
  throw new SourceError(`${placeOf(["info", "title"])}: ${reason}`);
}

function keyHeaders(document: Document): string[] {
  const schemes: unknown = document.components?.["securitySchemes"];
  return Object.values(isObject(schemes) ? schemes : {}).flatMap((scheme) =>
    isObject(scheme) && scheme["in"] === "header" ? [String(scheme["name"]).toLowerCase()] : [],
  );
}

function hostsOf(document: Document): string[] {
  return addressesOf(document, ...Object.values(document.paths)).flatMap((address) =>
    URL.canParse(address) ? [new URL(address).host] : [],
  );
}
