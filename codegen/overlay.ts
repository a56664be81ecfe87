/**
 * Applies the corrections of openapi/overlay.yaml: an OpenAPI Overlay 1.0 (https://spec.openapis.org/overlay/v1.0.0),
 * through openapi-format. A correction must correct something: one that matches or changes nothing is stale and fails.
 */
import { openapiOverlay } from "openapi-format";
import { lookUp, type Document } from "./document.ts";

export interface OverlayAction {
  target: string;
  /** Why, in one line; also the action's name in messages. */
  description: string;
  update?: unknown;
  remove?: boolean;
}

export interface Overlay {
  overlay: string;
  info: { title: string; version: string };
  actions: OverlayAction[];
}

export class StaleOverlayError extends Error {}

export interface Corrected {
  readonly document: Document;
  /** Actions about an operation or component that this document does not have. */
  readonly notApplicable: readonly OverlayAction[];
}

/** The corrected document. Throws StaleOverlayError naming each action that matched or changed nothing. */
export async function applyOverlay(document: Document, overlay: Overlay): Promise<Corrected> {
  let current = structuredClone(document);
  const stale: string[] = [];
  const notApplicable: OverlayAction[] = [];
  for (const action of overlay.actions) {
    if (!hasSubject(current, action.target)) {
      notApplicable.push(action);
      continue;
    }
    const before = JSON.stringify(current);
    const { data, resultData } = await openapiOverlay(current as never, {
      overlaySet: { overlay: overlay.overlay, info: overlay.info, actions: [action] },
    } as never);
    current = data as unknown as Document;
    if ((resultData as { totalUsedActions?: number }).totalUsedActions === 0) stale.push(`"${action.description}" (${action.target}) matched nothing`);
    else if (JSON.stringify(current) === before) stale.push(`"${action.description}" (${action.target}) changed nothing`);
  }
  if (stale.length > 0) throw new StaleOverlayError(stale.map((line) => `overlay action ${line}`).join("\n"));
  return { document: current, notApplicable };
}

/** Whether the operation or component that a target begins with is there at all: older documents lack some. */
function hasSubject(document: Document, target: string): boolean {
  const steps = [...target.matchAll(/^\$|\.([A-Za-z_-]+)|\['([^']+)'\]/gy)].slice(1).map((match) => match[1] ?? match[2] ?? "");
  if (steps[0] !== "paths" && steps[0] !== "components") return true;
  const subject = steps.slice(0, 3);
  if (subject.length < 3) return true;
  const pointer = `#/${subject.map((step) => step.replaceAll("~", "~0").replaceAll("/", "~1")).join("/")}`;
  return lookUp(document, pointer) !== undefined;
}
