/** How messages name what an edition serves: the API, and the settings that lead to it. */
export interface Product {
  /** What the API is called. */
  readonly name: string;
  /** What callers have of their own to call it with, in a word or two. */
  readonly credential: string;
  /** The setting that holds its address. */
  readonly base: string;
  /** The setting that holds its token service's; empty: it has none. */
  readonly tokens: string;
}

export const PORTKEY: Product = { name: "Portkey", credential: "key", base: "PORTKEY_BASE_URL", tokens: "" };

/** A text with the product's names in the place of `{api}`, `{base}` and `{credential}`. */
export function withNames(text: string, { name, base, credential }: Product): string {
  return text.replaceAll("{api}", name).replaceAll("{base}", base).replaceAll("{credential}", credential);
}
