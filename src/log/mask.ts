/**
 * Hides secrets in JSON values and texts, for dry runs, errors, the log and the audit, which all read the same tables.
 * Answers of Portkey never pass through here, because a key that was just created is shown once and must reach the
 * caller whole.
 */
import { setImmediate } from "node:timers/promises";
import { BOUNDS } from "../errors/bounds.ts";
import { changedItems, changedMembers } from "./changed.ts";
import { hideValues, hideValuesOf, maskSecret, SHORTEST_SECRET, type HideValues } from "./hide-values.ts";
import { maskText } from "./mask-text.ts";
import { isPlain, Masking, TOO_DEEP } from "./masking.ts";
import { beginsLikeKey, isTooLongForId } from "./secret-forms.ts";

/**
 * A JSON value with every secret hidden, at any depth; what holds none is the value itself. Anything that is not a
 * plain object, array or string stays as it is, except for an error's texts.
 */
export function maskSecrets(value: unknown): unknown {
  return new Masking(maskSecret).of(value);
}

/** As `maskSecrets`, and without the secrets that stood there anywhere else, nor any of `others`. */
export function maskThoroughly(value: unknown, others: readonly string[] = []): unknown {
  const { masked, found } = maskFinding(value, others);
  return maskQuoted(masked, found);
}

/** As `maskThoroughly`, with a turn of the event loop between its two walks: for what may be large. */
export async function maskInTurns(value: unknown, others: readonly string[] = []): Promise<unknown> {
  const { masked, found } = maskFinding(value, others);
  if (found.length > 0) await setImmediate();
  return maskQuoted(masked, found);
}

function maskFinding(value: unknown, others: readonly string[]): { masked: unknown; found: readonly string[] } {
  const found = new Set<string>();
  const masked = new Masking((secret) => {
    collect(secret, found);
    return maskSecret(secret);
  }, hideValuesOf(others)).of(value);
  return { masked, found: [...found] };
}

/** A JSON value whose strings show none of `secrets`, wherever they stand in them. */
export function maskQuoted(value: unknown, secrets: readonly string[]): unknown {
  return secrets.length === 0 ? value : mapStrings(value, hideValuesOf(secrets), 0);
}

/** The secrets that `maskSecrets` would hide, for texts that may quote them. */
export function secretsIn(value: unknown): string[] {
  const found = new Set<string>();
  new Masking((secret) => {
    collect(secret, found);
    return "";
  }).of(value);
  return [...found];
}

function collect(secret: string, found: Set<string>): void {
  if (secret.length < SHORTEST_SECRET) return;
  const bare = secret.replace(/^(?:bearer|basic)\s+/i, "");
  // What is hidden already is no secret.
  if (bare.length >= SHORTEST_SECRET && !bare.includes("****")) found.add(bare);
}

/** An id as a line of the audit shows it: whatever a model wrote, a key put in the wrong place included. */
export function maskId(id: string): string {
  if (beginsLikeKey(id)) return maskSecret(id);
  const masked = maskText(id, maskSecret);
  return masked === id && isTooLongForId(id) ? maskSecret(id) : masked;
}

/** A text of somebody else's as it may be said back: no secret that its form tells, and none of `secrets`. */
export function maskQuotation(text: string, secrets: readonly string[] = []): string {
  return maskText(hideValues(secrets)(text), maskSecret);
}

function mapStrings(value: unknown, hidden: HideValues, depth: number): unknown {
  if (typeof value === "string") return hidden.text(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth > BOUNDS.depth) return TOO_DEEP;
  if (Array.isArray(value)) return changedItems(value, (item) => mapStrings(item, hidden, depth + 1));
  if (!isPlain(value)) return value;
  return changedMembers(value, Object.keys(value), (name, member) => [
    hidden.name(name),
    mapStrings(member, hidden, depth + 1),
  ]);
}
