/** Finds the line of a node in a YAML file. */
import { isAlias, isMap, isScalar, isSeq, type Document, type LineCounter, type Node } from "yaml";

/** Member names and item indices, from the root of a document. */
export type Path = readonly (string | number)[];

/** The line of the node at `path`, or of the closest node that contains it. */
export function lineOf(tree: Document, lines: LineCounter, path: Path): number {
  let node: unknown = tree.contents;
  let line = 1;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(tree);
    const found = memberOf(node, step);
    if (!found) break;
    line = lines.linePos(found.offset).line;
    node = found.value;
  }
  return line;
}

interface Member {
  readonly offset: number;
  readonly value: unknown;
}

function memberOf(node: unknown, step: string | number): Member | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(step)] as Node | undefined;
    return item && { offset: item.range?.[0] ?? 0, value: item };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
  return pair && { offset: (pair.key as Node).range?.[0] ?? 0, value: pair.value };
}
