/**
 * Converts paths in the project's tables to the spelling of the current document. The tables then stay valid when the
 * document renames path parameters or moves operations.
 */
import type { Document } from "../document.ts";
import type { Overlay } from "../overlay-action.ts";

/** New `METHOD /path` to old one (moves.ts). */
type Moves = Readonly<Record<string, string>>;

/** The path as the document spells it, or `path` unchanged if the document does not have it. */
export function spelledPath(path: string, document: Document, moves: Moves = {}): string {
  if (Object.hasOwn(document.paths, path)) return path;
  const alike = Object.keys(document.paths).find((other) => shapeOf(other) === shapeOf(path));
  if (alike !== undefined) return alike;
  const to = placeAfter(path, moves);
  if (to === undefined) return path;
  const { [to]: _, ...others } = moves;
  return spelledPath(pathOf(to), document, others);
}

/** The overlay with the paths in its targets as the document spells them. */
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

/** The new path of the first operation that moved away from `path`, if any. */
function placeAfter(path: string, moves: Moves): string | undefined {
  return Object.keys(moves).find((to) => shapeOf(pathOf(moves[to] ?? "")) === shapeOf(path));
}

const pathOf = (place: string) => place.slice(place.indexOf(" ") + 1);

const shapeOf = (path: string) => path.replace(/\{[^}]*\}/g, "{}").toLowerCase();
