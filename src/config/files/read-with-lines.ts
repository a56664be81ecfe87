/**
 * Reads YAML, which includes JSON, by a schema. Each mistake has its line.
 */
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Document } from "yaml";
import type { z } from "zod";
import { checkBySchema } from "../../errors/schema-mistakes.ts";

type Path = readonly PropertyKey[];

/** Either a value or mistakes. `at` returns the place of a path: `policy.yaml, line 7: rules[0].domains`. */
export type Located<Value> = { at(path: Path): string } & (
  | { readonly value: Value; readonly mistakes: undefined }
  | { readonly value: undefined; readonly mistakes: readonly string[] }
);

export function readWithLines<Schema extends z.ZodType>(
  file: { readonly path: string; readonly text: string },
  schema: Schema,
): Located<z.output<Schema>> {
  const lines = new LineCounter();
  const document = parseDocument(file.text, {
    lineCounter: lines,
    uniqueKeys: true,
    prettyErrors: false,
    stringKeys: true,
  });
  const line = (offset: number) => `${file.path}, line ${lines.linePos(offset).line}`;
  const at = (path: Path) => `${line(offsetOf(document, path))}: ${shown(path)}`;

  const syntax = [...document.errors, ...document.warnings].map((error) => `${line(error.pos[0])}: ${error.message}`);
  if (syntax.length > 0) return { at, value: undefined, mistakes: syntax };
  let content: unknown;
  try {
    content = document.toJS();
  } catch (error) {
    // Aliases that expand to more than any real file needs.
    return { at, value: undefined, mistakes: [`${file.path}: ${(error as Error).message}.`] };
  }
  const { value, mistakes } = checkBySchema(schema, content);
  if (mistakes === undefined) return { at, value, mistakes };
  return { at, value: undefined, mistakes: mistakes.map(({ path, text }) => `${at(path)}: ${text}.`) };
}

/** The offset of the deepest part of `path` that exists; for an entry of a map, that of its key. */
function offsetOf(document: Document, path: Path): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const step of path) {
    const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && key.value === step) : undefined;
    const next: unknown = isSeq(node) && typeof step === "number" ? node.items[step] : pair?.value;
    offset = startOf(pair?.key ?? next) ?? offset;
    if (next === undefined) break;
    node = next;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

function shown(path: Path): string {
  if (path.length === 0) return "the file";
  return path
    .map((step, index) => (typeof step === "number" ? `[${step}]` : `${index === 0 ? "" : "."}${String(step)}`))
    .join("");
}
