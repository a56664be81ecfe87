/**
 * Finds any of many values in a text, in one pass however many there are: the automaton of Aho and Corasick over the
 * beginnings of the values.
 */
import { BOUNDS } from "../errors/bounds.ts";

/** From `start` up to, not including, `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

interface Node {
  readonly next: Map<number, Node>;
  readonly depth: number;
  /** Where a search goes on whose next character does not fit. */
  fallback: Node | undefined;
  /** The nearest node on the way of fallbacks where a value begins, this one included. */
  ending: Node | undefined;
  /** Values that begin with these characters, longest first; a few, for there may be very many. */
  values: string[];
}

const VALUES_COMPARED = 8;
/** Characters that keys are made of: what follows a found beginning without a break belongs to it. */
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
      // What lies within a place that was found is hidden with it.
      if (node.ending === undefined || (last !== undefined && at < last.end)) continue;
      const range = rangeOf(text, node.ending, at + 1);
      if (last === undefined || last.end < range.start) ranges.push(range);
      else if (last.end < range.end) ranges[ranges.length - 1] = joined(last, range);
    }
    return ranges;
  };
}

function joined(one: Range, other: Range): Range {
  return { start: Math.min(one.start, other.start), end: Math.max(one.end, other.end) };
}

/**
 * The place of the value whose beginning ends at `end`, as far as the text goes on like it. Where it stops before the
 * value does, it is a cut quotation, or another value with the same beginning: then what looks like a key goes too.
 */
function rangeOf(text: string, node: Node, end: number): Range {
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
