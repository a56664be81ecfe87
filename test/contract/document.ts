/**
 * The yardstick of the contract tests: each edition's document as its owner publishes it, before any correction of
 * ours.
 * It is read here from scratch; nothing of the generator is used to understand it.
 */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { EditionName } from "../../src/catalog/editions.ts";

// The shapes of a document are as many as its authors; a test that reads one takes what comes.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Node = any;

export interface Place {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  /** What the address of its server has before the path; empty where the tests serve all at one. */
  readonly prefix: string;
  readonly operation: Node;
  readonly parameters: readonly Node[];
  readonly body: Node | undefined;
}

export interface ContractDocument {
  readonly edition: EditionName;
  readonly name: string;
  readonly document: Node;
  /** Every administrative operation. */
  readonly places: readonly Place[];
}

interface Source {
  readonly owner: string;
  readonly isTool: (path: string) => boolean;
  readonly prefixOf: (item: Node, document: Node) => string;
}

const inference =
  /^\/(assistants|audio|batches|chat|completions|embeddings|files|fine_tuning|images|models|moderations|ocr|realtime|rerank|responses|threads|vector_stores)(\/|$)/;

const SOURCES: Readonly<Record<EditionName, Source>> = {
  portkey: {
    owner: "Portkey",
    isTool: (path) => !inference.test(path),
    prefixOf: () => "",
  },
  airs: {
    owner: "Prisma AIRS",
    isTool: () => true,
    prefixOf: (item, document) => pathnameOf((item.servers ?? document.servers)[0]),
  },
};

/** The project's facts name a base and its default; the document has the address itself. */
function pathnameOf({ url, variables }: Node): string {
  const address = url.replace(/\{(\w+)\}/g, (_: string, name: string) => variables[name].default);
  return new URL(address).pathname.replace(/\/$/, "");
}

/** The document that a reference stands in. */
const documents = new WeakMap<object, Node>();

/** Reads an edition's document, with every operation that is a tool. */
export function openDocument(edition: EditionName): ContractDocument {
  const { owner, isTool, prefixOf } = SOURCES[edition];
  const path = new URL(`../../openapi/${edition}/document.yaml`, import.meta.url);
  const document: Node = parse(readFileSync(path, "utf8"), { merge: true, maxAliasCount: -1 });
  noteReferences(document, document);
  const places = Object.entries<Node>(document.paths)
    .filter(([path]) => isTool(path))
    .flatMap(([path, item]) => placesOf(path, item, prefixOf(item, document)));
  return { edition, name: `${owner}'s document`, document, places };
}

function placesOf(path: string, item: Node, prefix: string): Place[] {
  return ["get", "post", "put", "patch", "delete"].flatMap((method) => {
    const operation = item[method];
    if (!operation) return [];
    const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])]
      .map(follow)
      .filter(({ in: place }) => place === "path" || place === "query");
    const body = follow(operation.requestBody)?.content?.["application/json"]?.schema;
    return [{ at: `${method.toUpperCase()} ${path}`, method, path, prefix, operation, parameters, body }];
  });
}

function noteReferences(node: Node, document: Node): void {
  if (node === null || typeof node !== "object" || documents.has(node)) return;
  documents.set(node, document);
  for (const inner of Object.values(node)) noteReferences(inner, document);
}

/** What a node refers to, over any number of references; the node itself where it is none. */
export function follow(node: Node): Node {
  let current = node;
  while (current?.$ref)
    current = current.$ref
      .slice(2)
      .split("/")
      .reduce((inner: Node, step: string) => inner[step], documents.get(current));
  return current;
}
