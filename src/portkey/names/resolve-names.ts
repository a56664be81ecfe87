/**
 * Replaces names given instead of ids (`name:Dev`) by the id of the object with exactly that name. This happens before
 * anything else reads the call, so that a confirmation, an audit line and a dry run show the real object.
 * Where no object or several have the name, nothing is sent.
 */
import type { ToolRecord } from "../../catalog/record.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { badInput } from "../request/problem.ts";
import { lookerFor, type LookUpParts } from "./look-up.ts";
import { idPlaces, nameIn, unescaped, withTexts, type IdPlace } from "./name-references.ts";
import { foundAt, type Found } from "./settle-name.ts";
import { isHandle } from "./uuid-only.ts";

type Values = Readonly<Record<string, unknown>>;

export interface ResolvedCall {
  readonly values: Values;
  /** For each name, the object it was replaced by. */
  readonly notes: readonly string[];
}

/** How many names one call may have. */
const MOST_NAMES = 100;
/** Of names that are nobody's, so many are told: for each, the whole list is searched for names like it. */
const MOST_TOLD = 3;

/**
 * The call with ids instead of names; undefined where it has no names. Throws BAD_INPUT where a name is not that of
 * exactly one object, NOT_ALLOWED where the caller may not list the objects, and what the look-up throws.
 */
export function resolveNames(
  given: Omit<LookUpParts, "opened">,
  record: ToolRecord,
  values: Values,
): Promise<ResolvedCall | undefined> | undefined {
  const places = idPlaces(record, values).filter(isReference);
  // Most calls have no names, and then need not wait for a promise.
  return places.length === 0 ? undefined : resolvePlaces(given, record, values, places);
}

async function resolvePlaces(
  given: Omit<LookUpParts, "opened">,
  record: ToolRecord,
  values: Values,
  places: readonly IdPlace[],
): Promise<ResolvedCall | undefined> {
  const count = places.reduce((sum, place) => sum + partsIn(place), 0);
  if (count > MOST_NAMES) {
    const text = `${count} ids are given by name, or in one text with a name, and at most ${MOST_NAMES} are looked up`;
    throw badInput(record.name, [{ path: "", text: `${text} for one call` }]);
  }
  const parts: LookUpParts = { ...given, opened: new Map() };
  // Workspaces first, since other objects are looked up in the workspace that the call names.
  const workspaces = await settle(parts, record, places.filter(isWorkspace), undefined);
  const home = homeOf(withTexts(values, changesIn(workspaces)));
  const others = await settle(
    parts,
    record,
    places.filter((place) => !isWorkspace(place)),
    home,
  );
  const found = [...workspaces, ...others];
  const problems = found.flatMap(({ problem }) => problem ?? []);
  if (problems.length > 0) {
    const told = problems.slice(0, MOST_TOLD).map((problem) => problem());
    throw notFound(
      record,
      problems.length > told.length ? [...told, `and ${problems.length - told.length} more`] : told,
    );
  }
  const changes = changesIn(found);
  if (changes.length === 0) return undefined;
  return { values: withTexts(values, changes), notes: found.flatMap(({ note }) => note ?? []) };
}

/** How many ids and names one place holds. */
function partsIn({ listed, text }: IdPlace): number {
  return listed ? text.split(",").length : 1;
}

function isReference({ text, kind, at, listed }: IdPlace): boolean {
  if (nameIn(text) !== undefined || unescaped(text) !== undefined) return true;
  return (listed && /,\s*(?:id:)?name:/.test(text)) || isHandle(kind, at, text);
}

const isWorkspace = ({ kind }: IdPlace): boolean => kind === "workspace";

function changesIn(found: readonly Found[]): { at: IdPlace["at"]; text: string }[] {
  return found.flatMap(({ place, text }) => (text === undefined ? [] : [{ at: place.at, text }]));
}

/** The workspace of the call; undefined where it gives none, several, or a name that was not found. */
function homeOf({ workspace_id: id, workspace_slug: slug }: Values): string | undefined {
  const home = id ?? slug;
  const isOne = typeof home === "string" && home !== "" && !home.includes(",") && nameIn(home) === undefined;
  return isOne ? home : undefined;
}

async function settle(
  parts: LookUpParts,
  record: ToolRecord,
  places: readonly IdPlace[],
  home: string | undefined,
): Promise<Found[]> {
  const found: Found[] = [];
  for (const place of places) found.push(await foundAt(place, () => lookerFor(parts, record, place, home)));
  return found;
}

function notFound({ name }: ToolRecord, problems: readonly string[]): PortkeyMcpError {
  const list = problems.length === 1 ? ` ${problems[0]}` : `\n- ${problems.join("\n- ")}`;
  return new PortkeyMcpError("BAD_INPUT", `${name}: nothing was sent.${list}`, { tool: name, problems });
}
