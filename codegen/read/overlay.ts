/**
 * Applies the corrections of an overlay.yaml under openapi/: an OpenAPI Overlay 1.0
 * (https://spec.openapis.org/overlay/v1.0.0).
 * A correction that matches nothing, changes nothing or does not fit the current document is left out and reported; it
 * does not make the import fail. This file decides what fits, place by place; openapi-format applies it.
 */
import { paths as jsonPaths } from "jsonpathly";
import { openapiOverlay } from "openapi-format";
import type { Document } from "./document.ts";
import { fitUpdate } from "./overlay-fit.ts";
import { placesIn, textOf, type PlaceInDocument } from "./overlay-place.ts";
import type { LeftOut, Overlay, OverlayAction } from "./overlay-action.ts";
import { whyNothing } from "./overlay-stale.ts";

export interface Corrected {
  readonly document: Document;
  readonly leftOut: readonly LeftOut[];
}

/** A single change at a single place. An action is split into these. */
type Change = { readonly target: string } & ({ readonly update: unknown } | { readonly remove: true });

interface Plan {
  readonly changes: readonly Change[];
  /** The reason why the action, or a part of it, is left out. */
  readonly told?: Omit<LeftOut, "action">;
}

/** A corrected copy of the document. Throws, with the action's name, if a target is not a JSONPath. */
export async function applyOverlay(document: Document, overlay: Overlay): Promise<Corrected> {
  // YAML aliases share one object. A copy without sharing keeps a correction from changing the other places.
  const current = JSON.parse(JSON.stringify(document)) as Document;
  const leftOut: LeftOut[] = [];
  for (const action of overlay.actions ?? []) {
    const { changes, told } = planAction(current, action);
    const unreached = await carryOut(current, changes);
    if (told) leftOut.push({ action, ...told });
    else if (unreached.length > 0) leftOut.push({ action, kind: "unfit", why: `no way to ${unreached.join(", ")}` });
  }
  return { document: current, leftOut };
}

function planAction(document: Document, action: OverlayAction): Plan {
  if (action["x-if"] !== undefined && pathsOf(document, action["x-if"], action).length === 0)
    return { changes: [], told: { kind: "not about this", why: `${action["x-if"]} is not here` } };
  const found = pathsOf(document, action.target, action);
  if (found.length === 0) return { changes: [], told: whyNothing(document, action) };
  // From the last to the first, since removing a list item changes the indices after it.
  if (action.remove) return { changes: found.reverse().map((target) => ({ target, remove: true })) };
  return planUpdate(document, placesIn(document, found), action.update);
}

function planUpdate(document: Document, places: readonly PlaceInDocument[], update: unknown): Plan {
  const changes: Change[] = [];
  const unfits: string[] = [];
  for (const { value, steps, text } of places) {
    const { part, replaced, unfit } = fitUpdate(document, value, update);
    changes.push(...replaced.map((below): Change => ({ target: textOf([...steps, ...below]), remove: true })));
    if (part !== undefined) changes.push({ target: text, update: part });
    unfits.push(...unfit.map((reason) => `${text}: ${reason}`));
  }
  if (unfits.length > 0) return { changes, told: { kind: "unfit", why: unfits.join("; ") } };
  if (changes.length > 0) return { changes };
  return { changes, told: { kind: "mended", why: "the document says so itself" } };
}

/** Applies the changes to the document in place; returns the targets that could not be reached. */
async function carryOut(document: Document, changes: readonly Change[]): Promise<string[]> {
  if (changes.length === 0) return [];
  const overlaySet = { overlay: "1.0.0", actions: [...changes] };
  const { resultData } = await openapiOverlay(document as unknown as Record<string, unknown>, { overlaySet });
  return (resultData["unusedActions"] as Change[]).map(({ target }) => target);
}

function pathsOf(document: Document, target: string, { description }: OverlayAction): string[] {
  try {
    return jsonPaths(document, target);
  } catch (error) {
    throw new Error(`"${description}": ${target} is no JSONPath (${(error as Error).message})`, { cause: error });
  }
}
