/** What every object inherits, to be compared before and after a test. */

const PROTOTYPES = [Object, Array, Function, String, Number, Map].map(({ prototype }) => prototype as object);

/** The members of each prototype with the kind of their values, as one text. */
export function prototypeMembers(): string {
  const members = PROTOTYPES.map((prototype) =>
    Reflect.ownKeys(prototype).map((key) => {
      const { value, writable } = Object.getOwnPropertyDescriptor(prototype, key) ?? {};
      return `${String(key)}:${typeof value}:${writable}`;
    }),
  );
  return JSON.stringify(members);
}
