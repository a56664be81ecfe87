/**
 * A cue: what a clause must hold, and the words that are searched for then. Parts of what it must hold are joined by
 * ` & `; `~` marks what it must not hold. A part is a regular expression over whole words, where `{kind}` stands for a
 * word of cue-words.ts. Among the words a `!` marks the verb that decides what is wanted.
 */
export type CueRow = readonly [holds: string, adds: string];
