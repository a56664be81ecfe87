/** Whether a document is Portkey's: its repository has held another API under the same file name. */
import type { Selection } from "./selection.ts";
import type { Document } from "./document.ts";
import { SourceError, type SourceDocument } from "./load.ts";
import { isObject } from "./objects.ts";
import { addressesOf } from "./servers.ts";

/** Throws SourceError where neither the key's header nor the host is Portkey's. */
export function checkIdentity({ document, placeOf }: SourceDocument, selection: Selection): void {
  const { key, host } = selection.identity;
  if (keyHeaders(document).includes(key) || hostsOf(document).includes(host)) return;
  const title = JSON.stringify(document.info?.["title"] ?? "without a title");
  const reason = `another API (${title}): it has neither the header ${key} nor the host ${host}`;
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
