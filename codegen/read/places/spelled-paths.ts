/**
 * Paths that our tables name, as the document spells them now: it may call their parameters otherwise, and operations
 * move. What our tables say of them then still holds.
 */
import type { Document } from "../document.ts";
import type { Overlay } from "../overlay-action.ts";

/** New place to old place, each `METHOD /path` (moves.ts). */
type Moves = Readonly<Record<string, string>>;

/** The path as the document has it, or the path itself where it has none like it. */
export function spelledPath(path: string, document: Document, moves: Moves = {}): string {
  if (Object.hasOwn(document.paths, path)) return path;
  const alike = Object.keys(document.paths).find((other) => shapeOf(other) === shapeOf(path));
  if (alike !== undefined) return alike;
  const to = placeAfter(path, moves);
  if (to === undefined) return path;
  const { [to]: _, ...others } = moves;
  return spelledPath(pathOf(to), document, others);
}

/** The corrections with the paths of their targets as the document has them. */
export function withSpelledTargets(overlay: Overlay, document: Document, moves: Moves): Overlay {
  const spelled = (target: string) =>
    target.replace(/^\$\.paths\['([^']+)'\]/, (_, path: string) => `$.paths['${spelledPath(path, document, moves)}']`);
  const actions = overlay.actions.map(({ target, "x-if": condition, ...action }) => ({
    ...action,
    target: spelled(target),
    ...(condition !== undefined && { "x-if": spelled(condition) }),
  }));
  return { ...overlay, actions };
}

/** Where the first operation of a path has moved to. */
function placeAfter(path: string, moves: Moves): string | undefined {
  return Object.keys(moves).find((to) => shapeOf(pathOf(moves[to] ?? "")) === shapeOf(path));
}

const pathOf = (place: string) => place.slice(place.indexOf(" ") + 1);

const shapeOf = (path: string) => path.replace(/\{[^}]*\}/g, "{}").toLowerCase();
