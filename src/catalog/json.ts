/** The type of JSON objects, and safe access to their members. */
export type Json = Readonly<Record<string, unknown>>;

/**
 * The object's own member of that name. For a name from outside, `object[name]` would find inherited members such as
 * `constructor`.
 */
export function ownMember<Value>(object: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/**
 * Sets an own member. For the name `__proto__`, `object[name] = value` would change the prototype instead.
 */
export function setMember(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
}

/** Sets all of these members as own members of the object. */
export function setMembers(object: object, members: Json): void {
  for (const [name, value] of Object.entries(members)) setMember(object, name, value);
}

/** Neither null nor an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
