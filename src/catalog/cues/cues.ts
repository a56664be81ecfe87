/**
 * What a sentence is about although it says no such word: "who may use the bot" asks for user access, "the server does
 * not react" for a test. Clauses come in the tools' terms (plain-words.ts), in lower case.
 */
import { CUE_WORDS } from "./cue-words.ts";
import { CUES_OF_ACCESS } from "./cues-of-access.ts";
import { CUES_OF_ANYTHING } from "./cues-of-anything.ts";
import { CUES_OF_LIMITS } from "./cues-of-limits.ts";
import { CUES_OF_PEOPLE } from "./cues-of-people.ts";
import { CUES_OF_PROMPTS } from "./cues-of-prompts.ts";
import { CUES_OF_USAGE } from "./cues-of-usage.ts";

const ROWS = [
  ...CUES_OF_ACCESS,
  ...CUES_OF_USAGE,
  ...CUES_OF_LIMITS,
  ...CUES_OF_PROMPTS,
  ...CUES_OF_PEOPLE,
  ...CUES_OF_ANYTHING,
];

interface Cue {
  readonly wanted: readonly RegExp[];
  readonly unwanted: readonly RegExp[];
  readonly adds: string;
}

/** Compiled at the first search: the server starts without them. */
let compiled: readonly Cue[] | undefined;

/** The words that `clause` means besides its own. */
export function cuesOf(clause: string): string[] {
  compiled ??= ROWS.map(([holds, adds]) => compile(holds, adds));
  return compiled
    .filter(
      ({ wanted, unwanted }) => wanted.every((one) => one.test(clause)) && !unwanted.some((one) => one.test(clause)),
    )
    .map(({ adds }) => adds);
}

function compile(holds: string, adds: string): Cue {
  const parts = holds.split(" & ");
  return {
    wanted: parts.filter((part) => !part.startsWith("~")).map(patternOf),
    unwanted: parts.filter((part) => part.startsWith("~")).map((part) => patternOf(part.slice(1))),
    adds,
  };
}

function patternOf(part: string): RegExp {
  const text = part.replace(/\{([a-z]+)\}/g, (_all, kind: string) => CUE_WORDS[kind] as string);
  return new RegExp(`(?<!\\w)(?:${text})(?!\\w)`);
}
