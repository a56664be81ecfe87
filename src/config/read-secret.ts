/**
 * Secrets that other files refer to by place: an environment variable, or a file as Docker and Kubernetes mount them.
 */
import { readFileSync } from "node:fs";
import type { Source } from "./read-settings.ts";

export type SecretReference = { readonly env: string } | { readonly file: string };

/** Reads a reference's secret without the white space around it; undefined where it is not set, empty or not readable. */
export function secretReader(env: Source["env"]): (reference: SecretReference) => string | undefined {
  return (reference) => {
    const text = "env" in reference ? env[reference.env] : contentOf(reference.file);
    return text?.trim() || undefined;
  };
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
