/** Finds any of many values in a text, in one pass: an Aho-Corasick automaton over the beginnings of the values. */
import { BOUNDS } from "../errors/bounds.ts";

/** From `start` up to, not including, `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

interface Node {
  readonly next: Map<number, Node>;
  readonly depth: number;
  /** The node to continue at when the next character does not match here. */
  fallback: Node | undefined;
  /** The nearest node with values, this one included, along the chain of fallbacks. */
  ending: Node | undefined;
  /** Values that begin with these characters, longest first; at most VALUES_COMPARED of them. */
  values: string[];
}

const VALUES_COMPARED = 8;
/** Characters of keys: those that follow a matched beginning without a gap belong to the key. */
const KEY_CHARACTER = /[\w.~+/=%-]/;

/** Finds the places where `values` stand; each value has at least one character. */
export function createFinder(values: Iterable<string>): (text: string) => readonly Range[] {
  const root = buildTrie(values);
  linkFallbacks(root);
  return (text) => {
    const ranges: Range[] = [];
    let node = root;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      while (node !== root && !node.next.has(unit)) node = node.fallback ?? root;
      node = node.next.get(unit) ?? root;
      const last = ranges.at(-1);
      // A match inside the last range adds nothing to it.
      if (node.ending === undefined || (last !== undefined && at < last.end)) continue;
      const range = matchedRange(text, node.ending, at + 1);
      if (last === undefined || last.end < range.start) ranges.push(range);
      else if (last.end < range.end) ranges[ranges.length - 1] = union(last, range);
    }
    return ranges;
  };
}

function union(one: Range, other: Range): Range {
  return { start: Math.min(one.start, other.start), end: Math.max(one.end, other.end) };
}

/**
 * The range of the value whose beginning ends at `end`, as far as the text equals it.
 * Where the text differs before the value ends, it is a cut quotation or another key with the same beginning:
 * then the characters of a key that follow are included.
 */
function matchedRange(text: string, node: Node, end: number): Range {
  const start = end - node.depth;
  let last = end;
  for (const value of node.values) {
    const alike = start + commonLength(text, start, value);
    if (alike === start + value.length) return { start, end: Math.max(alike, last) };
    last = Math.max(last, alike);
  }
  while (last < text.length && KEY_CHARACTER.test(text.charAt(last))) last += 1;
  return { start, end: last };
}

function commonLength(text: string, start: number, value: string): number {
  let length = 0;
  while (length < value.length && text.charCodeAt(start + length) === value.charCodeAt(length)) length += 1;
  return length;
}

function newNode(depth: number): Node {
  return { next: new Map(), depth, fallback: undefined, ending: undefined, values: [] };
}

function buildTrie(values: Iterable<string>): Node {
  const root = newNode(0);
  const longestFirst = [...new Set(values)].sort((one, other) => other.length - one.length);
  for (const value of longestFirst) {
    let node = root;
    for (let at = 0; at < Math.min(value.length, BOUNDS.secretStart); at++) {
      const unit = value.charCodeAt(at);
      const next = node.next.get(unit) ?? newNode(node.depth + 1);
      node.next.set(unit, next);
      node = next;
    }
    if (node.values.length < VALUES_COMPARED) node.values.push(value);
  }
  return root;
}

function linkFallbacks(root: Node): void {
  const queue: Node[] = [root];
  for (const node of queue) {
    node.ending = node.values.length > 0 ? node : node.fallback?.ending;
    for (const [unit, child] of node.next) {
      let fallback = node.fallback;
      while (fallback !== undefined && !fallback.next.has(unit)) fallback = fallback.fallback;
      child.fallback = fallback?.next.get(unit) ?? root;
      queue.push(child);
    }
  }
}
