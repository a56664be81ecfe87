/** Reads the API's document from a file or a URL. Rejects an invalid one with file, line and reason. */
import { readFile } from "node:fs/promises";
import { isScalar, LineCounter, parseDocument, visit, type Document as YamlTree } from "yaml";
import { lookUp, type Document } from "./document.ts";
import { lineOf, type Path } from "./line.ts";
import { isObject } from "./objects.ts";

/** A document that cannot be imported. `message` is `file:line: reason`, one line for each fault. */
export class SourceError extends Error {}

export interface SourceDocument {
  readonly document: Document;
  /** `file:line` of the node at `path`, or of the closest node that contains it. */
  readonly placeOf: (path: Path) => string;
}

/** Limits for a document. Portkey's has 1.3 MB. */
const largest = { megabytes: 20, nodes: 2_000_000 };

/** Fetches or reads `source`, parses it as YAML (JSON is YAML), and checks that every local reference resolves. */
export async function loadDocument(source: string): Promise<SourceDocument> {
  return readDocument(await readSource(source), source);
}

async function readSource(source: string): Promise<string> {
  if (!/^https?:\/\//.test(source)) {
    return readFile(source, "utf8").catch((cause: unknown) => {
      throw new SourceError(`${source}: cannot be read (${reasonOf(cause)})`);
    });
  }
  const response = await fetch(source).catch((cause: unknown) => {
    throw new SourceError(`${source}: cannot be fetched (${reasonOf(cause)})`);
  });
  if (!response.ok) throw new SourceError(`${source}: answered ${response.status}`);
  return response.text().catch((cause: unknown) => {
    throw new SourceError(`${source}: ended before it was whole (${reasonOf(cause)})`);
  });
}

function reasonOf(cause: unknown): string {
  const error = cause as { code?: string; message?: string; cause?: { code?: string } };
  return error.cause?.code ?? error.code ?? error.message ?? String(cause);
}

/** Parses text that came from `source` (named in errors and places only). */
export function readDocument(text: string, source: string): SourceDocument {
  if (text.length > largest.megabytes * 1_000_000)
    throw new SourceError(`${source}:1: larger than ${largest.megabytes} MB, which Portkey's document is not`);
  const lines = new LineCounter();
  const tree = parseDocument(text, { lineCounter: lines, merge: true });
  if (tree.errors.length > 0) {
    throw new SourceError(
      tree.errors
        .map((error) => `${source}:${lines.linePos(error.pos[0]).line}: ${error.message.split("\n")[0]}`)
        .join("\n"),
    );
  }
  const placeOf = (path: Path) => `${source}:${lineOf(tree, lines, path)}`;
  const document = plainData(tree, source);
  checkHead(document, placeOf);
  checkSize(document, placeOf);
  checkReferences(tree, document, (offset) => `${source}:${lines.linePos(offset).line}`);
  return { document, placeOf };
}

function plainData(tree: YamlTree, source: string): Document {
  try {
    // Portkey's servers are one anchor used some 90 times; yaml's guard against alias bombs counts them.
    return tree.toJS({ maxAliasCount: -1 }) as Document;
  } catch (error) {
    throw new SourceError(`${source}:1: cannot be read as data: ${(error as Error).message.split("\n")[0]}`);
  }
}

function checkHead(document: Document, placeOf: SourceDocument["placeOf"]): void {
  if (!isObject(document) || !isObject(document.paths))
    throw new SourceError(`${placeOf(["paths"])}: not an OpenAPI document: it has no paths`);
  if (!String(document.openapi).startsWith("3."))
    throw new SourceError(
      `${placeOf(["openapi"])}: OpenAPI ${oneLine(String(document.openapi))} is not supported, only 3.x is`,
    );
}

/** Rejects cycles and exponential growth, which YAML aliases make possible, before the document is walked. */
function checkSize(document: Document, placeOf: SourceDocument["placeOf"]): void {
  const sizes = new Map<object, number>();
  const open = new Set<object>();
  const path: (string | number)[] = [];
  const sizeOf = (node: unknown): number => {
    if (node === null || typeof node !== "object") return 1;
    const known = sizes.get(node);
    if (known !== undefined) return known;
    if (open.has(node)) throw new SourceError(`${placeOf(path)}: an alias contains itself`);
    if (path.length > 200) throw new SourceError(`${placeOf(path)}: nested deeper than 200 levels`);
    open.add(node);
    let size = 1;
    for (const [key, value] of Object.entries(node)) {
      path.push(Array.isArray(node) ? Number(key) : key);
      size += sizeOf(value);
      path.pop();
    }
    open.delete(node);
    sizes.set(node, size);
    return size;
  };
  if (sizeOf(document) > largest.nodes)
    throw new SourceError(`${placeOf([])}: its aliases unfold to more than ${largest.nodes} values`);
}

function checkReferences(tree: YamlTree, document: Document, placeAt: (offset: number) => string): void {
  const faults: string[] = [];
  visit(tree, {
    Pair(_, pair) {
      if (!isScalar(pair.key) || pair.key.value !== "$ref" || !isScalar(pair.value)) return;
      const pointer = pair.value.value;
      if (typeof pointer !== "string") return;
      const place = placeAt(pair.value.range?.[0] ?? 0);
      if (lookUp(document, pointer) === undefined) faults.push(`${place}: $ref ${oneLine(pointer)} points nowhere`);
      else if (leadsInACircle(document, pointer))
        faults.push(`${place}: $ref ${oneLine(pointer)} leads back to itself`);
    },
  });
  if (faults.length > 0) throw new SourceError([...new Set(faults)].join("\n"));
}

/** Foreign text, shortened to fit into a message of one line. */
function oneLine(text: string): string {
  const joined = text.replace(/\s+/g, " ");
  return joined.length > 120 ? `${joined.slice(0, 120)}…` : joined;
}

function leadsInACircle(document: Document, pointer: string): boolean {
  const seen = new Set<string>();
  for (let current: unknown = pointer; typeof current === "string";) {
    if (seen.has(current)) return true;
    seen.add(current);
    current = (lookUp(document, current) as { $ref?: unknown } | null | undefined)?.$ref;
  }
  return false;
}
