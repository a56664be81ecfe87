/** Replaces values at several places of a JSON value in one pass. */

interface Place {
  readonly inner: Map<PropertyKey, Place>;
  /** The new value here; absent where only values inside are replaced. */
  replacement?: { readonly value: unknown };
}

export class Replacements {
  readonly #root: Place = { inner: new Map() };

  get isEmpty(): boolean {
    return this.#root.inner.size === 0 && this.#root.replacement === undefined;
  }

  /** `path` must lead to an existing value. A member replaced by undefined is removed. */
  add(path: readonly PropertyKey[], value: unknown): void {
    let place = this.#root;
    for (const key of path) {
      const next = place.inner.get(String(key)) ?? { inner: new Map<PropertyKey, Place>() };
      place.inner.set(String(key), next);
      place = next;
    }
    place.replacement = { value };
  }

  /** A copy of `root` with the replacements; parts without any are not copied. */
  apply(root: unknown): unknown {
    return replace(root, this.#root);
  }
}

function replace(value: unknown, place: Place): unknown {
  if (place.replacement !== undefined) return place.replacement.value;
  const at = (key: PropertyKey, member: unknown): unknown => {
    const inner = place.inner.get(String(key));
    return inner === undefined ? member : replace(member, inner);
  };
  if (Array.isArray(value)) return value.map((item, index) => at(index, item));
  const members = Object.entries(value as object).map(([name, member]) => [name, at(name, member)] as const);
  return Object.fromEntries(members.filter(([, member]) => member !== undefined));
}
