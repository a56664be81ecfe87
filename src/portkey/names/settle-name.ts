/** Resolves the name at one place of a call to the id of its object, or says why it cannot. */
import { BOUNDS } from "../../errors/bounds.ts";
import { clip } from "../../errors/clip.ts";
import { formatPath } from "../request/problem.ts";
import type { Looker } from "./look-up.ts";
import { nearestObjects, shownObject, shownObjects } from "./name-candidates.ts";
import { nameIn, unescaped, type IdPlace } from "./name-references.ts";
import { isCalled, type NamedObject } from "./named-objects.ts";

export interface Found {
  readonly place: IdPlace;
  /** The text to put at the place; absent: it stays as it is. */
  readonly text?: string;
  readonly note?: string;
  /** Makes the sentence that says why not: to look for names like it takes a while, and few are told. */
  readonly problem?: () => string;
}

/** Resolves one place. `look` is called only where the objects of its kind are needed. */
export async function foundAt(place: IdPlace, look: () => Promise<Looker>): Promise<Found> {
  const asIs = unescaped(place.text);
  if (asIs !== undefined && !(place.listed && asIs.includes(","))) return { place, text: asIs };
  const looker = await look();
  const name = nameIn(place.text);
  if (!place.listed || !place.text.includes(",")) {
    return name === undefined ? foundByHandle(place, await looker()) : foundByName(place, name, looker);
  }
  // A name may contain a comma, so the whole text is tried as one name first.
  const whole = name === undefined ? undefined : await foundByName(place, name, looker);
  return whole?.text !== undefined ? whole : foundInList(place, looker);
}

/** Resolves a text of ids and names separated by commas. */
async function foundInList(place: IdPlace, looker: Looker): Promise<Found> {
  const parts: Found[] = [];
  for (const text of place.text.split(",").map((part) => part.trim())) {
    const name = nameIn(text);
    const part = { ...place, text };
    const found = name === undefined ? { place, text: unescaped(text) ?? text } : await foundByName(part, name, looker);
    if (found.problem !== undefined) return { place, problem: found.problem };
    parts.push(found);
  }
  const note = parts.flatMap((part) => part.note ?? []).join("; ");
  return { place, text: parts.map(({ text }) => text).join(","), note };
}

/** Resolves a name. A cached list may be out of date, so it is read again unless exactly one object matches. */
async function foundByName(place: IdPlace, name: string, looker: Looker): Promise<Found> {
  let objects = await looker();
  let matches = objects.filter((object) => isCalled(object, name));
  if (matches.length !== 1) {
    objects = await looker(true);
    matches = objects.filter((object) => isCalled(object, name));
  }
  const [match, ...others] = matches;
  if (match === undefined) return { place, problem: () => noneCalled(place, name, objects) };
  if (others.length === 0) return { place, text: idOf(match, place), note: noteOf(place, match) };
  return { place, problem: () => severalCalled(place, name, matches) };
}

function severalCalled({ at, kind }: IdPlace, name: string, matches: readonly NamedObject[]): string {
  const several = `${matches.length} ${kind}s are called ${quoted(name)}: ${shownObjects(matches)}`;
  return `${formatPath(at)}: ${several}. Pass the id of the one that is meant.`;
}

/** Resolves a slug or email where Portkey takes only an id; a text that matches no object stays as it is. */
function foundByHandle(place: IdPlace, objects: readonly NamedObject[]): Found {
  const { text } = place;
  const [match, ...others] = objects.filter(({ slug, names }) => slug === text || names.includes(text));
  if (match?.id === undefined || others.length > 0) return { place };
  return { place, text: match.id, note: `${noteOf(place, match)}; the API takes only the id here` };
}

function noneCalled({ at, kind }: IdPlace, name: string, objects: readonly NamedObject[]): string {
  const near = nearestObjects(objects, name);
  const hint = near.length === 0 ? noneIsNear(objects.length) : `The nearest: ${shownObjects(near)}.`;
  return `${formatPath(at)}: no ${kind} is called exactly ${quoted(name)}. ${hint}`;
}

function noneIsNear(count: number): string {
  return count === 0 ? "The list of them is empty." : `None of the ${count} that are listed has a name like it.`;
}

function noteOf({ at, text }: IdPlace, match: NamedObject): string {
  return `${formatPath(at)}: ${quoted(text)} is ${shownObject(match)}`;
}

function idOf({ id, slug }: NamedObject, { bySlug }: IdPlace): string {
  return (bySlug ? (slug ?? id) : (id ?? slug)) as string;
}

function quoted(text: string): string {
  return JSON.stringify(clip(text, BOUNDS.echo));
}
