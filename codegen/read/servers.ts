/** Finds the host of the API that serves a path, and writes it to the facts. */
import type { Selection } from "./selection.ts";
import { methods, type Document, type PathItem } from "./document.ts";
import { isObject, isText } from "./objects.ts";

/** The URLs in `servers` of the given objects: documents, path items or operations. */
export function addressesOf(...holders: unknown[]): string[] {
  return holders.flatMap((holder) => {
    const servers = isObject(holder) ? holder["servers"] : undefined;
    const list: unknown[] = Array.isArray(servers) ? servers : [];
    return list.flatMap((server) => (isObject(server) && isText(server["url"]) ? [server["url"]] : []));
  });
}

/** The name of the base that these addresses mean: by a placeholder in one of them, else by a base's own address. */
export function baseOfAddresses(addresses: readonly string[], selection: Selection): string | undefined {
  const placeholder = Object.entries(selection.placeholders).find(([name]) =>
    addresses.some((address) => address.includes(name)),
  );
  if (placeholder) return placeholder[1];
  const written = addresses.map((address) => /^\{(\w+)\}$/.exec(address)?.[1] ?? "");
  const names = Object.keys(selection.bases);
  return names.find((name) => written.includes(name) || addresses.includes(selection.bases[name] as string));
}

/**
 * Writes each path's server as `{base}`, a variable whose default is the public address. The document's placeholders
 * for self-hosted addresses are not URLs, and a setting of this server replaces them.
 */
export function normaliseServers(document: Document, selection: Selection): Document {
  const serverOf = (item: PathItem) => {
    const operations = methods.flatMap((method) => item[method] ?? []);
    const own = addressesOf(item, ...operations);
    // Without own servers, the document's servers apply (OpenAPI 3.0, 4.7.9).
    const base = baseOfAddresses(own.length > 0 ? own : addressesOf(document), selection) ?? "control";
    return { url: `{${base}}`, variables: { [base]: { default: selection.bases[base] } } };
  };
  const paths = Object.entries(document.paths).map(([path, item]) => {
    const rest = Object.fromEntries(
      Object.entries(item).map(([key, value]) => [key, methods.includes(key as never) ? withoutServers(value) : value]),
    );
    return [path, { ...rest, servers: [serverOf(item)] }];
  });
  const control = selection.bases["control"] as string;
  return { ...document, servers: [{ url: control }], paths: Object.fromEntries(paths) as Document["paths"] };
}

function withoutServers(operation: unknown): unknown {
  const { servers: _, ...rest } = operation as Record<string, unknown>;
  return rest;
}
