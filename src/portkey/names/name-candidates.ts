/** Finds the objects that an unknown name may mean, and formats objects for messages: name, id and workspace. */
import { distance } from "fastest-levenshtein";
import { BOUNDS } from "../../errors/bounds.ts";
import { closestName } from "../../errors/closest-name.ts";
import { clip } from "../../errors/clip.ts";
import { oneLine } from "../../errors/foreign-text.ts";
import type { NamedObject } from "./named-objects.ts";

/** How many objects a message lists. */
const SHOWN = { near: 5, several: 10 };
/** Characters of a name that are compared. */
const COMPARED = 60;

/** The objects with a similar name: equal except for case first, then containing the name or contained in it. */
export function nearestObjects(objects: readonly NamedObject[], name: string): NamedObject[] {
  const wanted = name.trim().toLowerCase().slice(0, COMPARED);
  const distanceTo = (candidate: string): number => {
    const other = candidate.toLowerCase().slice(0, COMPARED);
    if (other === wanted) return 0;
    const overlap = wanted !== "" && (other.includes(wanted) || wanted.includes(other));
    return (overlap ? 1 : 2 * COMPARED) + distance(wanted, other);
  };
  const leastDistance = ({ names, slug = "" }: NamedObject) =>
    [...names, slug].filter(Boolean).reduce((least, text) => Math.min(least, distanceTo(text)), Infinity);
  return objects
    .filter(({ names, slug = "" }) => closestName(name, [...names, slug].filter(Boolean)) !== undefined)
    .map((object) => ({ object, apart: leastDistance(object) }))
    .sort((a, b) => a.apart - b.apart)
    .slice(0, SHOWN.near)
    .map(({ object }) => object);
}

/** An object in a message: `"Dev" (6dc7…, slug dev)`. */
export function shownObject({ name, id, slug, workspace }: NamedObject): string {
  const facts = [id, slug !== undefined && slug !== id && `slug ${slug}`, workspace && `workspace ${workspace}`];
  const shown = facts.filter(Boolean).map((fact) => oneLine(String(fact), BOUNDS.echo));
  return `${JSON.stringify(clip(oneLine(name, BOUNDS.echo), BOUNDS.echo))} (${shown.join(", ")})`;
}

export function shownObjects(objects: readonly NamedObject[]): string {
  const shown = objects.slice(0, SHOWN.several).map(shownObject).join(", ");
  return objects.length > SHOWN.several ? `${shown} and ${objects.length - SHOWN.several} more` : shown;
}
