/** Reads a secret that a policy file refers to instead of holding it. */
import { readTextFile } from "./files/read-text-file.ts";
import type { Source } from "./read-settings.ts";

/** The name of a variable, or the path of a file, such as a mounted secret. */
export type SecretReference = { readonly env: string } | { readonly file: string };

/** The secret, or undefined where it is not set, empty or cannot be read. */
export function readSecret(reference: SecretReference, env: Source["env"]): string | undefined {
  try {
    const text = "env" in reference ? valueOf(env, reference.env) : readTextFile(reference.file);
    return text?.trim() || undefined;
  } catch {
    return undefined;
  }
}

function valueOf(env: Source["env"], name: string): string | undefined {
  return Object.hasOwn(env, name) ? env[name] : undefined;
}
