/**
 * The chain of an audit: each line has its number, the hash of the previous line, and its own hash. So changed, removed
 * and inserted lines are found. With a key, nobody without it can write the chain anew.
 *
 * A line's hash is that of its text with zeros in place of the hash, which is the last member of the last object.
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { isObject } from "../../catalog/json.ts";
import { spellUnseen } from "../../log/spell-unseen.ts";

/** The number and the hash of a line, which the next line continues. */
export interface ChainLink {
  readonly seq: number;
  readonly hash: string;
}

export type ChainKey = string | null;

const ZEROS = "0".repeat(64);
const HASH_AT_END = /"hash":"([0-9a-f]{64})"\}{2,3}$/;

/** What the first line continues. */
export const CHAIN_START: ChainLink = { seq: 0, hash: ZEROS };

/**
 * `record` as the chain's next line, without a line break. Where it has a member `unmapped`, which must be its last,
 * the chain is put there, since OCSF has no other place for it.
 */
export function sealLine(
  record: Readonly<Record<string, unknown>>,
  last: ChainLink,
  key: ChainKey,
): { readonly line: string; readonly link: ChainLink } {
  const chain = { seq: last.seq + 1, prev: last.hash, hash: ZEROS };
  const { unmapped, ...rest } = record;
  const text = spellUnseen(
    JSON.stringify(isObject(unmapped) ? { ...rest, unmapped: { ...unmapped, chain } } : { ...record, chain }),
  );
  const hash = hashOf(text, key);
  return { line: withHash(text, hash), link: { seq: chain.seq, hash } };
}

/** A line of a chain, as read. */
export interface ReadLine {
  readonly link: ChainLink;
  readonly prev: string;
  /** Whether the hash is right for the line's text and the key. */
  readonly right: boolean;
}

/** Undefined: the line has no chain. A text: what is wrong with it as a line of an audit. */
export function readLine(line: string, key: ChainKey): ReadLine | string | undefined {
  let record: unknown;
  try {
    record = JSON.parse(line);
  } catch {
    return "it is no JSON: cut off, or changed";
  }
  if (!isObject(record)) return "it is no JSON object";
  const { chain = isObject(record["unmapped"]) ? record["unmapped"]["chain"] : undefined } = record;
  if (chain === undefined) return undefined;
  if (!isObject(chain)) return "its chain is no object";
  const { seq, prev, hash } = chain;
  const written = HASH_AT_END.exec(line)?.[1];
  if (!Number.isSafeInteger(seq) || typeof prev !== "string" || written === undefined || written !== hash)
    return "its chain cannot be read";
  const right = timingSafeEqual(Buffer.from(hashOf(withHash(line, ZEROS), key)), Buffer.from(written));
  return { link: { seq: seq as number, hash: written }, prev, right };
}

function withHash(line: string, hash: string): string {
  return line.replace(HASH_AT_END, (end) => end.replace(/[0-9a-f]{64}/, hash));
}

function hashOf(text: string, key: ChainKey): string {
  return (key === null ? createHash("sha256") : createHmac("sha256", key)).update(text).digest("hex");
}
