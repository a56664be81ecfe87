/**
 * The yardstick of the contract tests: Portkey's own document where it lies beside the project, else the project's
 * facts.
 * It is read here from scratch; nothing of the generator is used to understand it.
 */
import { existsSync, readFileSync } from "node:fs";
import { parse } from "yaml";

const upstream = new URL("../../../shared/api/portkey-openapi-2026-09-04.yaml", import.meta.url);
const own = new URL("../../openapi/portkey/facts.yaml", import.meta.url);

export const isUpstream = existsSync(upstream);
export const documentName = isUpstream ? "Portkey's document" : "the project's facts (Portkey's document is not here)";
export const documentPath = isUpstream ? upstream : own;

// The shapes of a document are as many as its authors; a test that reads one takes what comes.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Node = any;

export const document: Node = parse(readFileSync(documentPath, "utf8"), { merge: true, maxAliasCount: -1 });

export interface Place {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly operation: Node;
  readonly parameters: readonly Node[];
  readonly body: Node | undefined;
}

const inference =
  /^\/(assistants|audio|batches|chat|completions|embeddings|files|fine_tuning|images|models|moderations|ocr|realtime|rerank|responses|threads|vector_stores)(\/|$)/;

export function follow(node: Node): Node {
  let current = node;
  while (current?.$ref)
    current = current.$ref
      .slice(2)
      .split("/")
      .reduce((inner: Node, step: string) => inner[step], document);
  return current;
}

/** Every administrative operation of the document. */
export const places: readonly Place[] = Object.entries<Node>(document.paths)
  .filter(([path]) => !inference.test(path))
  .flatMap(([path, item]) =>
    ["get", "post", "put", "patch", "delete"].flatMap((method) => {
      const operation = item[method];
      if (!operation) return [];
      const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])]
        .map(follow)
        .filter(({ in: place }) => place === "path" || place === "query");
      const body = follow(operation.requestBody)?.content?.["application/json"]?.schema;
      return [{ at: `${method.toUpperCase()} ${path}`, method, path, operation, parameters, body }];
    }),
  );
