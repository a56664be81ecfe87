/**
 * Applies the corrections of openapi/overlay.yaml: an OpenAPI Overlay 1.0 (https://spec.openapis.org/overlay/v1.0.0).
 * A correction that finds nothing, changes nothing or would not fit what the document says now is left out and told:
 * it never ends an import.
 */
import { paths as jsonPaths } from "jsonpathly";
import type { Document } from "./document.ts";
import { mergeUpdate } from "./overlay-merge.ts";
import { placesIn, type Step } from "./overlay-place.ts";
import type { LeftOut, Overlay, OverlayAction } from "./overlay-action.ts";
import { whyNothing } from "./overlay-stale.ts";

export interface Corrected {
  readonly document: Document;
  readonly leftOut: readonly LeftOut[];
}

/** The corrected document. Throws where a target is no JSONPath, with the action's name. */
export function applyOverlay(document: Document, overlay: Overlay): Corrected {
  // Where the document repeats an anchor, a correction of one place must not reach the others.
  const current = JSON.parse(JSON.stringify(document)) as Document;
  const leftOut: LeftOut[] = [];
  for (const action of overlay.actions ?? []) {
    const told = applyAction(current, action);
    if (told) leftOut.push({ action, ...told });
  }
  return { document: current, leftOut };
}

function applyAction(document: Document, action: OverlayAction): Omit<LeftOut, "action"> | undefined {
  if (action["x-if"] !== undefined && pathsOf(document, action["x-if"], action).length === 0)
    return { kind: "not about this", why: `${action["x-if"]} is not here` };
  const found = pathsOf(document, action.target, action);
  if (found.length === 0) return whyNothing(document, action);
  const places = placesIn(document, found);
  if (action.remove) {
    for (const { holder, step } of places.reverse()) removeMember(holder, step);
    return undefined;
  }
  const unfits: string[] = [];
  let changed = false;
  for (const { holder, step, text } of places) {
    const before = (holder as Record<Step, unknown>)[step];
    const { value, unfit } = mergeUpdate(document, before, action.update);
    unfits.push(...unfit.map((reason) => `${text}: ${reason}`));
    changed ||= JSON.stringify(before) !== JSON.stringify(value);
    (holder as Record<Step, unknown>)[step] = value;
  }
  if (unfits.length > 0) return { kind: "unfit", why: unfits.join("; ") };
  return changed ? undefined : { kind: "mended", why: "the document says so itself" };
}

function pathsOf(document: Document, target: string, { description }: OverlayAction): string[] {
  try {
    return jsonPaths(document, target);
  } catch (error) {
    throw new Error(`"${description}": ${target} is no JSONPath (${(error as Error).message})`, { cause: error });
  }
}

function removeMember(holder: object, step: Step): void {
  if (Array.isArray(holder)) holder.splice(Number(step), 1);
  else Reflect.deleteProperty(holder, step);
}
