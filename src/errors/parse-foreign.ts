/** A schema's verdict on what anybody may have written: zod itself throws over some of it. */
import type { z } from "zod";

/** As zod's safeParse. */
export type Parsed<Value> =
  | { readonly success: true; readonly data: Value; readonly error?: undefined }
  | { readonly success: false; readonly data?: undefined; readonly error: Pick<z.ZodError, "issues"> };

type Parameters = Pick<z.core.ParseContext<z.core.$ZodIssue>, "error" | "reportInput">;

/** Members that zod compares with a bound wherever they are, also in an object that stands for a text. */
const COMPARED: ReadonlySet<string> = new Set(["length", "size"]);

const UNREADABLE = 'cannot be checked: a "length" or "size" in it is no number';

/**
 * Never throws a TypeError. Of a value over which zod does, the mistakes are those of the same value without what
 * stands in these places; where that has none, there is one about the whole.
 */
export function parseForeign<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  parameters?: Parameters,
): Parsed<z.output<Schema>> {
  try {
    return schema.safeParse(value, parameters);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const checked = schema.safeParse(withoutOdd(value), parameters);
    if (!checked.success) return checked;
    return { success: false, error: { issues: [{ code: "custom", path: [], message: UNREADABLE, input: value }] } };
  }
}

function withoutOdd(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutOdd);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => {
    const isOdd = COMPARED.has(name) && typeof member === "object" && member !== null;
    return [name, isOdd ? undefined : withoutOdd(member)] as const;
  });
  return Object.fromEntries(members);
}
