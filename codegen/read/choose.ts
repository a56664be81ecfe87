/**
 * Decides which operations of the document become tools. The first rule that applies decides:
 *  1. An exception in selection.yaml, or a row in the curation.
 *  2. An operation that takes a provider's credentials is inference: it passes a request through to a provider.
 *  3. An operation that the control plane serves is a tool.
 *  4. An operation that only the gateway serves is inference, unless the control plane serves operations with the same
 *     first path segment (a prompt's completion, a log).
 *  5. An operation without servers is decided as others with its first path segment, else its tag, else it is a tool.
 */
import { operationKey } from "../derive/derive.ts";
import { methods, type Document, type Method } from "./document.ts";
import { isNamedIn } from "./exceptions.ts";
import { isObject, isText } from "./objects.ts";
import type { Selection } from "./selection.ts";
import { addressesOf, baseOfAddresses } from "./servers.ts";

export interface Chosen {
  /** The document with only the operations that become tools. */
  readonly document: Document;
  /** The other operations as `METHOD /path`, sorted. */
  readonly inference: readonly string[];
}

type Kind = "tool" | "inference" | "gateway" | "unsaid";

interface Candidate {
  readonly method: Method;
  readonly path: string;
  readonly segment: string;
  readonly tag: string;
  readonly kind: Kind;
}

/** `curated`: keys of the operations that have a row in the curation. */
export function chooseOperations(
  document: Document,
  selection: Selection,
  curated: ReadonlySet<string> = new Set(),
): Chosen {
  const candidates = candidatesOf(document, selection, curated);
  const isTool = ({ kind, segment, tag }: Candidate): boolean => {
    if (kind === "tool" || kind === "inference") return kind === "tool";
    const near = candidates.filter((other) => other.segment === segment);
    const said = administers(near);
    if (said !== undefined) return said;
    if (kind === "gateway") return false;
    return administers(candidates.filter((other) => other.tag === tag && tag !== "")) ?? true;
  };
  const tools = candidates.filter(isTool);
  const kept = new Set(tools.map(({ method, path }) => `${method} ${path}`));
  const others = candidates.filter((candidate) => !tools.includes(candidate));
  return {
    document: onlyOperations(document, kept),
    inference: others.map(({ method, path }) => `${method.toUpperCase()} ${path}`).sort(),
  };
}

/** Whether a group of operations is administrative; undefined if none of them shows it. */
function administers(group: readonly Candidate[]): boolean | undefined {
  const count = (kind: Kind) => group.filter((candidate) => candidate.kind === kind).length;
  if (count("tool") > 0) return true;
  if (count("inference") > 0) return false;
  return count("gateway") > 0 ? count("unsaid") > count("gateway") : undefined;
}

function candidatesOf(document: Document, selection: Selection, curated: ReadonlySet<string>): Candidate[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation: unknown = isObject(item) ? item[method] : undefined;
      if (!isObject(operation)) return [];
      const tags: unknown[] = Array.isArray(operation["tags"]) ? operation["tags"] : [];
      const tag = isText(tags[0]) ? tags[0] : "";
      const kind = exceptionOf(method, path, selection, curated) ?? kindOf(document, item, operation, selection);
      return [{ method, path, segment: path.split("/")[1] ?? "", tag, kind }];
    }),
  );
}

function exceptionOf(method: Method, path: string, selection: Selection, curated: ReadonlySet<string>) {
  if (isNamedIn(selection.inference, method, path)) return "inference";
  if (isNamedIn(selection.tools, method, path) || curated.has(operationKey(method, path))) return "tool";
  return undefined;
}

function kindOf(document: Document, item: unknown, operation: Record<string, unknown>, selection: Selection): Kind {
  if (takesProviderCredentials(document, operation["security"], selection)) return "inference";
  const addresses = addressesOf(operation).length > 0 ? addressesOf(operation) : addressesOf(item);
  const base = baseOfAddresses(addresses, selection);
  if (base === "gateway") return "gateway";
  if (base === undefined) return "unsaid";
  // If control plane and gateway share an address, only a placeholder shows which one is meant.
  const shared = selection.bases["control"] === selection.bases["gateway"];
  const told = addresses.some((address) => /SELF_HOSTED|^\{/.test(address));
  return base === "control" && shared && !told ? "unsaid" : "tool";
}

/** Types of security schemes that log in to the API itself. They never carry a provider's credentials. */
const LOGINS: ReadonlySet<unknown> = new Set(["oauth2", "openIdConnect", "mutualTLS"]);

/** Each security scheme that is neither Portkey's own key nor a login counts as a provider's. */
function takesProviderCredentials(document: Document, security: unknown, selection: Selection): boolean {
  const alternatives: unknown[] = Array.isArray(security) ? security : [];
  const schemes = document.components?.["securitySchemes"] ?? {};
  const { key, bearer } = selection.identity;
  const isPortkeys = (name: string) => {
    const scheme: unknown = schemes[name];
    if (!isObject(scheme)) return false;
    if (LOGINS.has(scheme["type"])) return true;
    if (bearer === true && scheme["type"] === "http" && scheme["scheme"] === "bearer") return true;
    return key !== undefined && String(scheme["name"]).toLowerCase() === key;
  };
  return alternatives.some((needs) => isObject(needs) && Object.keys(needs).some((name) => !isPortkeys(name)));
}

function onlyOperations(document: Document, kept: ReadonlySet<string>): Document {
  const paths = Object.entries(document.paths).flatMap(([path, item]) => {
    const present = methods.filter((method) => isObject(item) && method in item);
    if (!present.some((method) => kept.has(`${method} ${path}`))) return [];
    const rest = Object.entries(item).filter(([key]) => !present.includes(key as Method) || kept.has(`${key} ${path}`));
    return [[path, Object.fromEntries(rest)]];
  });
  return { ...document, paths: Object.fromEntries(paths) as Document["paths"] };
}
