/** Converts spellings of names: snake_case, PascalCase, singular nouns, sentence case. */

/** `promptPartialId` and `sub-type` become `prompt_partial_id` and `sub_type`. */
export function snakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .toLowerCase();
}

/** `create_prompt` becomes `CreatePrompt`. */
export function pascalCase(name: string): string {
  return snakeCase(name)
    .split("_")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}

/** The singular of a noun: `policies` is `policy`, `indexes` is `index`, `access` stays. */
export function singular(word: string): string {
  if (word.endsWith("ies")) return `${word.slice(0, -3)}y`;
  if (/(x|ch|sh|ss)es$/.test(word)) return word.slice(0, -2);
  return word.endsWith("s") && !word.endsWith("ss") && !word.endsWith("us") ? word.slice(0, -1) : word;
}

/** `list_prompt_labels` reads "List prompt labels". */
export function sentenceCase(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
