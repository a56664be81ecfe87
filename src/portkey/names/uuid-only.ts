/**
 * Arguments where Portkey takes only an object's UUID, while people know it by another unique handle: a user's email
 * address, a guardrail's slug. A text of that form is looked up; any other text is sent as given.
 */
import type { KindName } from "./object-kinds.ts";

interface UuidOnly {
  readonly kind: KindName;
  /** The arguments concerned; absent: all that hold an id of this kind. */
  readonly arguments?: ReadonlySet<string>;
  /** The form of a handle. */
  readonly looksLike: RegExp;
}

const TABLE: readonly UuidOnly[] = [
  { kind: "user", looksLike: /^[^\s@:,]{1,64}@[^\s@:,]{1,190}$/ },
  {
    kind: "guardrail",
    arguments: new Set(["ids"]),
    looksLike: /^pg-[a-z0-9-]{1,60}$/,
  },
];

/** Whether the text is a handle at a place that takes only a UUID. `at` is the path of the text in the call. */
export function isHandle(kind: KindName, at: readonly (string | number)[], text: string): boolean {
  return TABLE.some(
    (row) =>
      row.kind === kind && (row.arguments?.has(String(at[0])) ?? true) && text.length < 300 && row.looksLike.test(text),
  );
}
