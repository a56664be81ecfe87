/** What an import has to tell about one thing that it met. */
export interface Note {
  /** `file:line` in the document, or the operation or the correction that it is about. */
  readonly at: string;
  readonly what: string;
}
