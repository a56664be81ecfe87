/** A message of an import about one place. */
export interface Note {
  /** The place: `file:line` in the document, or the name of an operation or a correction. */
  readonly at: string;
  readonly what: string;
}
