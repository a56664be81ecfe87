/**
 * Applies the corrections of openapi/overlay.yaml: an OpenAPI Overlay 1.0 (https://spec.openapis.org/overlay/v1.0.0),
 * through openapi-format. A correction must correct something: one that matches or changes nothing is stale and fails.
 */
import { paths as jsonPaths } from "jsonpathly";
import { openapiOverlay } from "openapi-format";
import type { Document } from "./document.ts";

export interface OverlayAction {
  target: string;
  /** Why, in one line; also the action's name in messages. */
  description: string;
  update?: unknown;
  remove?: boolean;
  /** JSONPath of what the action is about; where it matches nothing, the action does not apply. */
  "x-if"?: string;
}

export interface Overlay {
  overlay: string;
  info: { title: string; version: string };
  actions: OverlayAction[];
}

export class StaleOverlayError extends Error {}

export interface Corrected {
  readonly document: Document;
  /** Actions about something that this document does not have, by their own `x-if`. */
  readonly notApplicable: readonly OverlayAction[];
}

/** The corrected document. Throws StaleOverlayError naming each action that matched or changed nothing. */
export async function applyOverlay(document: Document, overlay: Overlay): Promise<Corrected> {
  let current = structuredClone(document);
  let text = JSON.stringify(current);
  const stale: string[] = [];
  const notApplicable: OverlayAction[] = [];
  for (const action of overlay.actions) {
    if (action["x-if"] !== undefined && jsonPaths(current, action["x-if"]).length === 0) {
      notApplicable.push(action);
      continue;
    }
    const before = text;
    const { data, resultData } = await openapiOverlay(
      current as never,
      {
        overlaySet: { overlay: overlay.overlay, info: overlay.info, actions: [action] },
      } as never,
    );
    current = data as unknown as Document;
    text = JSON.stringify(current);
    if ((resultData as { totalUsedActions?: number }).totalUsedActions === 0)
      stale.push(`"${action.description}" (${action.target}) matched nothing`);
    else if (text === before) stale.push(`"${action.description}" (${action.target}) changed nothing`);
  }
  if (stale.length > 0) throw new StaleOverlayError(stale.map((line) => `overlay action ${line}`).join("\n"));
  return { document: current, notApplicable };
}
