/** Reads lists of tool names: globs as picomatch reads them, and `!` in front of an entry to exclude. */
import picomatch from "picomatch";

type Matcher = (name: string) => boolean;

/** Compiled once for each list, since one policy matches hundreds of tools; kept as long as the list lives. */
const compiled = new WeakMap<readonly string[], Matcher>();

/** Whether picomatch can read the glob: it throws for an empty one, and for one over its own limit. */
export function isGlob(text: string): boolean {
  return text.trim() !== "" && text.length <= GLOB_LENGTH;
}

/** The most characters that picomatch reads. */
const GLOB_LENGTH = 65_536;

/** Whether any of `globs` matches one of `names`, which are a tool's name and its aliases. */
export function matchesAny(globs: readonly string[], names: readonly string[]): boolean {
  let matcher = compiled.get(globs);
  if (matcher === undefined) {
    matcher = globs.length === 0 ? () => false : picomatch(globs.filter(isGlob), { nonegate: true });
    compiled.set(globs, matcher);
  }
  return names.some(matcher);
}

/**
 * Splits a list into the entries it includes and those it excludes, which have a leading `!`.
 * `allow` is null where the list only excludes.
 */
export function splitExclusions(list: readonly string[]): { allow: string[] | null; deny: string[] } {
  const deny = list.filter((entry) => entry.startsWith("!")).map((entry) => entry.slice(1));
  const allow = list.filter((entry) => !entry.startsWith("!"));
  return { allow: allow.length === 0 && deny.length > 0 ? null : allow, deny };
}

/** The entries of a list separated by commas or spaces; a comma inside braces belongs to the glob: `{get,list}_*`. */
export function splitList(text: string): string[] {
  return text
    .split(/\s+/)
    .flatMap(splitAtCommas)
    .filter((entry) => entry !== "");
}

/** A brace that is not closed does not protect the commas behind it. */
function splitAtCommas(part: string): string[] {
  const lastClosing = part.lastIndexOf("}");
  const entries: string[] = [];
  let start = 0;
  let isInBraces = false;
  for (let at = 0; at < part.length; at += 1) {
    const character = part[at];
    if (character === "{" && at < lastClosing) isInBraces = true;
    else if (character === "}") isInBraces = false;
    else if (character === "," && !isInBraces) {
      entries.push(part.slice(start, at));
      start = at + 1;
    }
  }
  return [...entries, part.slice(start)];
}
