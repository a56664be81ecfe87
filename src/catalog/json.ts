/** JSON objects, as every room sees them. */
export type Json = Readonly<Record<string, unknown>>;

/**
 * The object's own member of that name. Where the name is somebody else's, `object[name]` would find `constructor` in
 * an object that has no such member.
 */
export function ownMember<Value>(object: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/**
 * Gives the object a member of that name, whatever the name: `object[name] = value` would change the prototype where
 * the name is `__proto__`.
 */
export function setMember(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
}

/** Gives the object all of these members, as its own. */
export function setMembers(object: object, members: Json): void {
  for (const [name, value] of Object.entries(members)) setMember(object, name, value);
}

/** Neither null nor an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
