/**
 * The text of a confirmation: what would be done, to which object, with which arguments.
 * Anybody may have written the object's name and the arguments. So each is quoted, cut, and on one line, and the text
 * says that what is quoted is not part of the question.
 */
import type { ToolRecord } from "../../catalog/record.ts";
import { oneLine, quoteForeign, wordOrQuoted } from "../../errors/foreign-text.ts";
import { maskSecrets } from "../../log/mask.ts";
import type { CallContext } from "../../portkey/port.ts";
import type { Arguments } from "../parts.ts";

/** Characters that the question shows of an argument or a name. */
const SHOWN_LENGTH = 120;
/** Of more arguments than these, the question says only how many there are. */
const SHOWN_ARGUMENTS = 25;

const QUOTED_NAME = "What stands in quotes is the object's own name or an argument's text, not part of this question.";
const QUOTED_TEXT = "What stands in quotes is an argument's text, not part of this question.";

/** `Delete prompt: "checkout" (prompt_id pp-1). Delete a prompt with all its versions; …` */
export function questionText(
  record: ToolRecord,
  target: string | undefined,
  values: Arguments,
  key?: CallContext["key"],
): string {
  const name = target === undefined ? "" : `: ${quoteForeign(target, SHOWN_LENGTH)}`;
  const entries = Object.entries(maskSecrets(values) as Arguments);
  const texts = entries.slice(0, SHOWN_ARGUMENTS).map(([argument, value]) => `${argument} ${showValue(value)}`);
  if (entries.length > SHOWN_ARGUMENTS) texts.push(`and ${entries.length - SHOWN_ARGUMENTS} more arguments`);
  if (key !== undefined) texts.push(`with the ${key} key`);
  const details = texts.length === 0 ? "" : ` (${texts.join(", ")})`;
  const quoted = texts.some((text) => text.includes('"'));
  const sentences = [
    `${record.title}${name}${details}.`,
    record.description,
    ...(target === undefined ? [] : [QUOTED_NAME]),
    ...(target === undefined && quoted ? [QUOTED_TEXT] : []),
  ];
  return sentences.join(" ");
}

function showValue(value: unknown): string {
  if (typeof value === "string") return wordOrQuoted(value, SHOWN_LENGTH);
  return oneLine(JSON.stringify(value) ?? "", SHOWN_LENGTH);
}
