/** Checks foreign values by a zod schema. zod's safeParse itself throws a TypeError for some of them. */
import type { z } from "zod";

/** The result, as zod's safeParse gives it. */
export type Parsed<Value> =
  | { readonly success: true; readonly data: Value; readonly error?: undefined }
  | { readonly success: false; readonly data?: undefined; readonly error: Pick<z.ZodError, "issues"> };

type Parameters = Pick<z.core.ParseContext<z.core.$ZodIssue>, "error" | "reportInput">;

/** Members that zod compares with a bound on any object, also on one given where a text belongs. */
const COMPARED_BY_ZOD: ReadonlySet<string> = new Set(["length", "size"]);

const UNREADABLE = 'cannot be checked: a "length" or "size" in it is no number';

/**
 * As `schema.safeParse`, but never throws a TypeError.
 * Where zod throws one, the value is checked again without the members that it compares.
 * Where that finds no mistake, the result is one mistake about the whole value.
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
    const checked = schema.safeParse(withoutCompared(value), parameters);
    if (!checked.success) return checked;
    return { success: false, error: { issues: [{ code: "custom", path: [], message: UNREADABLE, input: value }] } };
  }
}

/** A copy in which each member that zod compares is undefined where it is an object or a list. */
function withoutCompared(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutCompared);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => {
    const isUnreadable = COMPARED_BY_ZOD.has(name) && typeof member === "object" && member !== null;
    return [name, isUnreadable ? undefined : withoutCompared(member)] as const;
  });
  return Object.fromEntries(members);
}
