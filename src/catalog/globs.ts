/**
 * Lists of tool names: globs as picomatch reads them, and `!` in front of an entry to exclude.
 */
import picomatch from "picomatch";

type Matcher = (name: string) => boolean;

/** Lists live as long as the policy that holds them, and one policy judges hundreds of tools. */
const compiled = new WeakMap<readonly string[], Matcher>();

/** Whether picomatch can read it: it throws for an empty one, and for one beyond its own limit. */
export function isGlob(text: string): boolean {
  return text.trim() !== "" && text.length <= GLOB_LENGTH;
}

/** picomatch reads no longer one. */
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
 * Divides a list at its leading `!`: what it names, or null where it names nothing and only excludes, and what it
 * excludes.
 */
export function splitExclusions(list: readonly string[]): { allow: string[] | null; deny: string[] } {
  const deny = list.filter((entry) => entry.startsWith("!")).map((entry) => entry.slice(1));
  const allow = list.filter((entry) => !entry.startsWith("!"));
  return { allow: allow.length === 0 && deny.length > 0 ? null : allow, deny };
}

/** The entries of a comma or space separated list; a comma inside braces belongs to the glob: `{get,list}_*`. */
export function splitList(text: string): string[] {
  return text
    .split(/\s+/)
    .flatMap(splitAtCommas)
    .filter((entry) => entry !== "");
}

/** A brace that is never closed holds nothing together. */
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
