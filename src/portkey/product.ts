/** The names that messages use for an edition's API and its settings. */
export interface Product {
  /** The name of the API. */
  readonly name: string;
  /** The kind of credential that callers have, in a word or two. */
  readonly credential: string;
  /** The setting with its address. */
  readonly base: string;
  /** The setting with the address of its token endpoint; empty: it has none. */
  readonly tokens: string;
}

export const PORTKEY: Product = { name: "Portkey", credential: "key", base: "PORTKEY_BASE_URL", tokens: "" };

/** Replaces `{api}`, `{base}` and `{credential}` in a text by the product's names. */
export function insertNames(text: string, { name, base, credential }: Product): string {
  return text.replaceAll("{api}", name).replaceAll("{base}", base).replaceAll("{credential}", credential);
}
