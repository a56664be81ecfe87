/** What openapi/selection.yaml holds. */
export interface Selection {
  readonly identity: { readonly key: string; readonly host: string };
  readonly tools: readonly string[];
  readonly inference: readonly string[];
  readonly bases: Readonly<Record<string, string>>;
  readonly placeholders: Readonly<Record<string, string>>;
}
