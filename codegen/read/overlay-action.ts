/** A correction, and what is told of one that corrected nothing. */
export interface OverlayAction {
  target: string;
  /** Why, in one line; also the action's name in messages. */
  description: string;
  update?: unknown;
  remove?: boolean;
  /** JSONPath of what the action is about; where it matches nothing, the action does not apply, and nothing is told. */
  "x-if"?: string;
}

export interface Overlay {
  overlay: string;
  info: { title: string; version: string };
  actions: OverlayAction[];
}

/** Under --strict: corrections or drafts that have no effect. One line for each. */
export class StaleError extends Error {}

/** A correction that did not correct anything, and why that seems to be. */
export interface LeftOut {
  readonly action: OverlayAction;
  /** `mended`: the document says so itself. `unfit`: the document says something else there now. */
  readonly kind: "mended" | "moved" | "gone" | "unfit" | "not about this";
  readonly why: string;
}
