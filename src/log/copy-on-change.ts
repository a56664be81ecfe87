/** Copies of lists and objects, made only where something in them changes. */

type Members = Readonly<Record<string, unknown>>;

/** Maps the items of a list; returns the list itself where no item changes. */
export function mapItems(
  items: readonly unknown[],
  change: (item: unknown, index: number) => unknown,
): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let index = 0; index < items.length; index += 1) {
    const changed = change(items[index], index);
    if (copy === undefined && changed !== items[index]) copy = items.slice(0, index);
    copy?.push(changed);
  }
  return copy ?? items;
}

/** Maps the named members of an object, name and value; returns the object itself where none changes. */
export function mapMembers(
  members: Members,
  names: readonly string[],
  change: (name: string, member: unknown) => readonly [name: string, member: unknown],
): Members {
  let copy: (readonly [string, unknown])[] | undefined;
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index] as string;
    const member = members[name];
    const changed = change(name, member);
    if (copy === undefined && (changed[0] !== name || changed[1] !== member))
      copy = names.slice(0, index).map((before) => [before, members[before]]);
    copy?.push(changed);
  }
  return copy === undefined ? members : Object.fromEntries(copy);
}
