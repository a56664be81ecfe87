/**
 * Where Portkey takes an object's UUID alone, while people know the object by something else as exact: a person's email
 * address, a guardrail's slug. What is given so is looked up; any other text goes out as it was given.
 */
import type { KindName } from "./object-kinds.ts";

interface UuidOnly {
  readonly kind: KindName;
  /** The arguments that it holds for; absent: all that name such an object. */
  readonly arguments?: ReadonlySet<string>;
  /** What a text of the other form looks like. */
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

/** Whether the text is such a form, where only an id is taken. `at` is the place of the text in the call. */
export function isHandle(kind: KindName, at: readonly (string | number)[], text: string): boolean {
  return TABLE.some(
    (row) =>
      row.kind === kind && (row.arguments?.has(String(at[0])) ?? true) && text.length < 300 && row.looksLike.test(text),
  );
}
