/**
 * Hides secrets in JSON values and texts, for dry runs, errors, the log and the audit; all by the same tables.
 * Portkey's answers are not masked here: a key that was just created is shown once and must reach the caller whole.
 */
import { setImmediate } from "node:timers/promises";
import { BOUNDS } from "../errors/bounds.ts";
import { mapItems, mapMembers } from "./copy-on-change.ts";
import { createTextHider, createHider, maskSecret, SHORTEST_SECRET, type Hider } from "./hide-values.ts";
import { maskText } from "./mask-text.ts";
import { isPlain, Masking, TOO_DEEP } from "./masking.ts";
import { beginsLikeKey, isTooLongForId } from "./secret-forms.ts";

/**
 * A JSON value with every secret hidden, at any depth; the value itself where it holds none.
 * Instances of classes stay as they are, except for an error's texts.
 */
export function maskSecrets(value: unknown): unknown {
  return new Masking(maskSecret).mask(value);
}

/** As `maskSecrets`; the secrets found, and `others`, are also hidden wherever a text of the value quotes them. */
export function maskThoroughly(value: unknown, others: readonly string[] = []): unknown {
  const { masked, found } = maskAndCollect(value, others);
  return maskQuoted(masked, found);
}

/** As `maskThoroughly`, but lets the event loop run between its two walks: for values that may be large. */
export async function maskInTurns(value: unknown, others: readonly string[] = []): Promise<unknown> {
  const { masked, found } = maskAndCollect(value, others);
  if (found.length > 0) await setImmediate();
  return maskQuoted(masked, found);
}

function maskAndCollect(value: unknown, others: readonly string[]): { masked: unknown; found: readonly string[] } {
  const found = new Set<string>();
  const masked = new Masking((secret) => {
    collect(secret, found);
    return maskSecret(secret);
  }, createHider(others)).mask(value);
  return { masked, found: [...found] };
}

/** A JSON value with each of `secrets` hidden wherever its strings and names quote them. */
export function maskQuoted(value: unknown, secrets: readonly string[]): unknown {
  return secrets.length === 0 ? value : mapStrings(value, createHider(secrets), 0);
}

/** The secrets that `maskSecrets` would hide, for texts that may quote them. */
export function findSecrets(value: unknown): string[] {
  const found = new Set<string>();
  new Masking((secret) => {
    collect(secret, found);
    return "";
  }).mask(value);
  return [...found];
}

function collect(secret: string, found: Set<string>): void {
  if (secret.length < SHORTEST_SECRET) return;
  const bare = secret.replace(/^(?:bearer|basic)\s+/i, "");
  // A value with asterisks is masked already.
  if (bare.length >= SHORTEST_SECRET && !bare.includes("****")) found.add(bare);
}

/** An id for a line of the audit. A model may have put a key in its place, so what looks like one is masked. */
export function maskId(id: string): string {
  if (beginsLikeKey(id)) return maskSecret(id);
  const masked = maskText(id, maskSecret);
  return masked === id && isTooLongForId(id) ? maskSecret(id) : masked;
}

/** A foreign text that is safe to quote: without `secrets`, and without those recognised by their form. */
export function maskQuotation(text: string, secrets: readonly string[] = []): string {
  return maskText(createTextHider(secrets)(text), maskSecret);
}

function mapStrings(value: unknown, hidden: Hider, depth: number): unknown {
  if (typeof value === "string") return hidden.text(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth > BOUNDS.depth) return TOO_DEEP;
  if (Array.isArray(value)) return mapItems(value, (item) => mapStrings(item, hidden, depth + 1));
  if (!isPlain(value)) return value;
  return mapMembers(value, Object.keys(value), (name, member) => [
    hidden.name(name),
    mapStrings(member, hidden, depth + 1),
  ]);
}
