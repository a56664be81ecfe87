/** A client of this authorization server, as the person who is asked gets to know it. */
export interface ProxyClient {
  readonly id: string;
  /** What the client calls itself: foreign text. */
  readonly name: string;
  readonly redirects: readonly string[];
  /** The host that answers for the client; null: it registered itself, and nobody has looked. */
  readonly host: string | null;
  /** How audit lines and policies name it. */
  readonly shownAs: string;
}

/** What of a client is wrong; the message is fit for `error_description`. */
export class InvalidClient extends Error {
  override readonly name = "InvalidClient";
}
