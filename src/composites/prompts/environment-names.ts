/** Handles environments in prompt names: `support-reply-dev` becomes `support-reply-production`. */

/** Common names of environments, beside those of a prompt's metadata and of the settings. */
const COMMON = [
  "dev",
  "development",
  "test",
  "testing",
  "qa",
  "uat",
  "sandbox",
  "preview",
  "stage",
  "staging",
  "preprod",
  "prod",
  "production",
  "live",
];

/** The name without a trailing `-<env>`; `known` are environments beside the common ones. */
export function withoutEnvironment(name: string, known: readonly string[] = []): string {
  const longestFirst = [...known, ...COMMON].filter(Boolean).sort((a, b) => b.length - a.length);
  const ending = longestFirst
    .map((env) => `-${env}`)
    .find((end) => name.length > end.length && name.toLowerCase().endsWith(end.toLowerCase()));
  return ending === undefined ? name : name.slice(0, -ending.length);
}

/** The prompt's name for another environment. */
export function nameInEnvironment(name: string, env: string, known: readonly string[] = []): string {
  return `${withoutEnvironment(name, [...known, env])}-${env}`;
}
