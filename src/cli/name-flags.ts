/** Names in messages what a person has written: a setting that was given as a flag is called by the flag. */
import { FLAGS } from "./flags.ts";

/** `given` are the settings that flags gave, by name. */
export function nameFlags(text: string, given: Readonly<Record<string, string>>): string {
  let named = text;
  for (const [flag, { setting }] of Object.entries(FLAGS)) {
    if (setting === undefined || given[setting] === undefined) continue;
    // Not within another name, nor the name of the file that may hold it.
    named = named.replaceAll(new RegExp(`(?<![\\w-])${setting}(?!\\w)`, "g"), `--${flag}`);
  }
  return named;
}
