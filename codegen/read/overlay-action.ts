/** The actions of an overlay ("corrections"), and the report of an action without effect. */
export interface OverlayAction {
  target: string;
  /** The reason for the correction, in one line. Messages name the action by it. */
  description: string;
  update?: unknown;
  remove?: boolean;
  /** A JSONPath condition: if it matches nothing, the action does not apply and is not reported. */
  "x-if"?: string;
}

export interface Overlay {
  overlay: string;
  info: { title: string; version: string };
  actions: OverlayAction[];
}

/** Thrown with --strict if corrections or drafts have no effect. `message` has a line for each. */
export class StaleError extends Error {}

/** A correction that had no effect, or only in part, and the likely reason. */
export interface LeftOut {
  readonly action: OverlayAction;
  /** `mended`: the document now has the same itself. `unfit`: the document now has something different there. */
  readonly kind: "mended" | "moved" | "gone" | "unfit" | "not about this";
  readonly why: string;
}
