/** The part of an edition's selection.yaml that identifies its document and selects operations. */
export interface Selection {
  /** Marks that only this API's document has: the host, and the header of the key or a bearer token. */
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

/** The whole content of an edition's selection.yaml. */
export interface EditionSelection extends Selection {
  /** The name of the API. */
  readonly title: string;
  /** The URL where the API's owner publishes the document. */
  readonly published: string;
  /** `token`: all operations take a service account's token. Kinds of keys in the shared tables do not apply. */
  readonly key?: "token" | undefined;
  /** Names of shared composites that this edition does not have. */
  readonly without?: readonly string[] | undefined;
}
