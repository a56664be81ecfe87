/** What an edition's selection.yaml says of its document's operations. */
export interface Selection {
  /** What its document has and documents of other APIs do not: the host, and the key's header or a bearer token. */
  readonly identity: {
    readonly key?: string | undefined;
    readonly bearer?: boolean | undefined;
    readonly host: string;
  };
  readonly tools: readonly string[];
  readonly inference: readonly string[];
  readonly bases: Readonly<Record<string, string>>;
  readonly placeholders: Readonly<Record<string, string>>;
}

/** All that an edition's selection.yaml holds. */
export interface EditionSelection extends Selection {
  /** What the API is called. */
  readonly title: string;
  /** Where its owner publishes the document. */
  readonly published: string;
  /** `token`: every operation takes a service account's token, whatever kind of key the shared words name. */
  readonly key?: "token" | undefined;
  /** Composites of the shared table that mean nothing here. */
  readonly without?: readonly string[] | undefined;
}
