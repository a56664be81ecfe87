/** A client of this authorization server, with what the consent page says of it. */
export interface ProxyClient {
  readonly id: string;
  /** The client's own name for itself, which nobody has verified. */
  readonly name: string;
  /** The redirect addresses that it has registered. */
  readonly redirects: readonly string[];
  /** The host of the client's document; null: it registered itself, and nobody vouches for it. */
  readonly host: string | null;
  /** The client's name in audit lines and policies. */
  readonly shownAs: string;
}

/** There is no such client, or its metadata is invalid. The message says which, and is fit for `error_description`. */
export class InvalidClient extends Error {
  override readonly name = "InvalidClient";
}
