/** Reads Portkey's document from a file or a URL and refuses one that cannot be trusted, with file, line and reason. */
import { readFile } from "node:fs/promises";
import { isScalar, LineCounter, parseDocument, visit } from "yaml";
import { lookUp, type Document } from "./document.ts";

/** A document that cannot be imported. `message` is `file:line: reason`, one line for each fault. */
export class SourceError extends Error {}

/** Fetches or reads `source`, parses it as YAML (JSON is YAML), and checks that every local reference resolves. */
export async function loadDocument(source: string): Promise<Document> {
  return parseSource(await readSource(source), source);
}

async function readSource(source: string): Promise<string> {
  if (/^https?:\/\//.test(source)) {
    const response = await fetch(source).catch((cause: unknown) => {
      throw new SourceError(`${source}: cannot be fetched (${reasonOf(cause)})`);
    });
    if (!response.ok) throw new SourceError(`${source}: answered ${response.status}`);
    return response.text();
  }
  return readFile(source, "utf8").catch((cause: unknown) => {
    throw new SourceError(`${source}: cannot be read (${reasonOf(cause)})`);
  });
}

function reasonOf(cause: unknown): string {
  const error = cause as { code?: string; message?: string; cause?: { code?: string } };
  return error.cause?.code ?? error.code ?? error.message ?? String(cause);
}

/** Parses text that came from `source` (named in errors only). */
export function parseSource(text: string, source: string): Document {
  const lines = new LineCounter();
  const tree = parseDocument(text, { lineCounter: lines, merge: true });
  if (tree.errors.length > 0) {
    throw new SourceError(
      tree.errors
        .map((error) => `${source}:${lines.linePos(error.pos[0]).line}: ${error.message.split("\n")[0]}`)
        .join("\n"),
    );
  }
  // Portkey's servers are one anchor used some 90 times; yaml's guard against alias bombs counts them.
  const document = tree.toJS({ maxAliasCount: -1 }) as Document;
  if (document === null || typeof document !== "object" || typeof document.paths !== "object") {
    throw new SourceError(`${source}:1: not an OpenAPI document: it has no paths`);
  }
  if (!String(document.openapi).startsWith("3.")) {
    throw new SourceError(`${source}:1: OpenAPI ${String(document.openapi)} is not supported, only 3.x`);
  }

  const dangling: string[] = [];
  visit(tree, {
    Pair(_, pair) {
      if (!isScalar(pair.key) || pair.key.value !== "$ref" || !isScalar(pair.value)) return;
      const pointer = String(pair.value.value);
      if (lookUp(document, pointer) === undefined) {
        const line = lines.linePos(pair.value.range?.[0] ?? 0).line;
        dangling.push(`${source}:${line}: $ref ${pointer} points nowhere`);
      }
    },
  });
  if (dangling.length > 0) throw new SourceError(dangling.join("\n"));
  return document;
}
