/** Keeps the operations that become tools, with the components they reach, and names the host of each path. */
import { methods, type Document, type PathItem } from "./document.ts";

export interface Selection {
  readonly inference: readonly string[];
  readonly bases: Readonly<Record<string, string>>;
  readonly placeholders: Readonly<Record<string, string>>;
}

/** The document without the inference pass-through; a prompt's render and completion stay, they administer prompts. */
export function selectOperations(document: Document, selection: Selection): Document {
  const paths = Object.entries(document.paths).filter(
    ([path]) => !selection.inference.some((prefix) => path === prefix || path.startsWith(`${prefix}/`)),
  );
  return { ...document, paths: Object.fromEntries(paths) };
}

/** Adds each drafted operation that the document lacks; where both have it, the document wins. */
export function addDrafts(document: Document, drafts: Document): Document {
  const paths = { ...document.paths };
  for (const [path, drafted] of Object.entries(drafts.paths)) paths[path] = { ...drafted, ...paths[path] };
  return { ...document, paths };
}

/**
 * Writes each path's server as `{base}`, a variable whose default is the public address: the document's placeholders
 * for self-hosted addresses are no URLs, and repeat on every path what one setting says.
 */
export function normaliseServers(document: Document, selection: Selection): Document {
  const serverOf = (item: PathItem) => {
    const urls = [
      ...(item.servers ?? []),
      ...methods.flatMap((method) => (item[method]?.["servers"] as { url: string }[]) ?? []),
    ].map(({ url }) => url.replace(/^https:\/\/(?=SELF_HOSTED)/, ""));
    const placeholder = urls.map((url) => selection.placeholders[url]).find((name) => name !== undefined);
    const exact = Object.entries(selection.bases).find(([, address]) => urls.includes(address))?.[0];
    const base = placeholder ?? exact ?? "control";
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

/** Drops every component that no kept operation reaches, security schemes excepted: they are named, not referenced. */
export function dropUnreachedComponents(document: Document): Document {
  const reached = new Set<string>();
  const walk = (node: unknown): void => {
    if (node === null || typeof node !== "object") return;
    for (const [key, value] of Object.entries(node)) {
      if (key === "$ref" && typeof value === "string" && !reached.has(value)) {
        reached.add(value);
        const [, , section, name] = value.split("/");
        walk(document.components?.[section as string]?.[name as string]);
      } else walk(value);
    }
  };
  walk(document.paths);
  const components = Object.entries(document.components ?? {}).map(([section, entries]) => [
    section,
    section === "securitySchemes"
      ? entries
      : Object.fromEntries(Object.entries(entries).filter(([name]) => reached.has(`#/components/${section}/${name}`))),
  ]);
  return { ...document, components: Object.fromEntries(components) as Record<string, Record<string, unknown>> };
}
