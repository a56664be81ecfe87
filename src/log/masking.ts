/**
 * One walk through a JSON value that hides its secrets: by the name of the member that holds them, by the pair or the
 * header they stand in, by their form, in JSON that is text, and wherever values stand that are known beforehand.
 * Only what changes is copied.
 */
import { BOUNDS } from "../errors/bounds.ts";
import { isDeeper } from "../errors/nesting.ts";
import { changedItems, changedMembers } from "./changed.ts";
import { NONE_KNOWN, type HideValues } from "./hide-values.ts";
import { maskText, type Hide } from "./mask-text.ts";
import { isPairOf, isSecretPair, type SecretPair } from "./secret-pairs.ts";
import { isSecretName } from "./secret-names.ts";

/** Lists whose `key` members name something to match on, as in a policy's conditions. */
const NAMING_LISTS = new Set(["conditions", "group_by"]);
const HARMLESS_HEADERS = new Set(["content-type", "content-length", "accept", "user-agent", "host"]);
/** Names under which a short number is a secret too. */
const SECRET_NUMBER = /(?:otp|pin|cvv|cvc|code|pass(?:word|code|wd)?|pwd|secret)$/i;
const BEARER = /^\s*bearer\s+\S+\s*$/i;
/** What stands for what is nested deeper than the bound. */
export const TOO_DEEP = "[nested too deep to show]";

type Members = Readonly<Record<string, unknown>>;

/** How the members of one object are looked at. */
interface Looks {
  readonly pair: SecretPair | undefined;
  readonly inHeaders: boolean;
  readonly isNaming: boolean;
}

export class Masking {
  readonly #hide: Hide;
  readonly #known: HideValues;
  #depth = 0;
  /** How many texts of JSON this stands in. */
  #texts = 0;

  /** `known` hides what is secret wherever it stands. */
  constructor(hide: Hide, known: HideValues = NONE_KNOWN) {
    this.#hide = hide;
    this.#known = known;
  }

  /** A value under `name`, the nearest name above; `secret`: everything here is, whatever it is called. */
  of(value: unknown, name = "", secret = false): unknown {
    if (typeof value === "string") return this.#string(value, name, secret);
    if (typeof value === "number") return this.#isSecretNumber(value, name) ? this.#hide(String(value)) : value;
    if (typeof value !== "object" || value === null) return value;
    if (this.#depth > BOUNDS.depth) return TOO_DEEP;
    this.#depth += 1;
    try {
      if (Array.isArray(value)) return this.#items(value, name, secret);
      if (value instanceof Error) return this.#error(value, name, secret);
      return isPlain(value) ? this.#members(value, name, secret) : value;
    } finally {
      this.#depth -= 1;
    }
  }

  #string(text: string, name: string, secret: boolean): string {
    // Also of a text that is hidden as a whole: the secrets in it may stand elsewhere by themselves.
    const masked = this.#known.text(this.#json(text, name) ?? maskText(text, this.#hide));
    return secret || BEARER.test(text) ? this.#hide(text) : masked;
  }

  /** JSON that is text, masked by the names in it; undefined where the text is no JSON. */
  #json(text: string, name: string): string | undefined {
    if (this.#texts >= BOUNDS.nestedJson || !/^\s*[[{"]/.test(text)) return undefined;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return undefined;
    }
    if (isDeeper(value, BOUNDS.depth - this.#depth)) return undefined;
    this.#texts += 1;
    const masked = this.of(value, name);
    this.#texts -= 1;
    return masked === value ? text : JSON.stringify(masked);
  }

  #items(items: readonly unknown[], name: string, secret: boolean): readonly unknown[] {
    return changedItems(items, (item, index) =>
      this.of(item, name, secret || (index % 2 === 1 && isPairOf(items[index - 1], item))),
    );
  }

  #members(members: Members, name: string, secret: boolean): Members {
    const inHeaders = /headers?$/i.test(name);
    const isNaming = NAMING_LISTS.has(name);
    const names = Object.keys(members);
    const looks = { inHeaders, isNaming, pair: isNaming ? undefined : isSecretPair(members, names, inHeaders) };
    return changedMembers(members, names, (inner, member) => [
      this.#known.name(maskText(inner, this.#hide)),
      this.#member(inner, member, secret, looks),
    ]);
  }

  /** In a text a number is as much a secret as a word. */
  #isSecretNumber(value: number, name: string): boolean {
    return Math.abs(value) >= 100 && (this.#texts > 0 || SECRET_NUMBER.test(name)) && isSecretName(name);
  }

  #member(name: string, member: unknown, secret: boolean, { pair, inHeaders, isNaming }: Looks): unknown {
    if (pair?.names.has(name) === true) return secret ? this.of(member, name) : member;
    const isHeader = inHeaders && pair === undefined && !HARMLESS_HEADERS.has(name.toLowerCase());
    const isNamed = isSecretName(name) && !(isNaming && name === "key");
    return this.of(member, name, secret || isHeader || isNamed || pair?.values.has(name) === true);
  }

  /** An error with other texts is still one to whoever writes it down. */
  #error(error: Error, name: string, secret: boolean): Error {
    const texts = Object.entries({ message: error.message, stack: error.stack ?? "" });
    const masked = texts.map(([member, text]) => [member, maskText(text, this.#hide)] as const);
    const cause = this.of(error.cause, name, secret);
    if (cause === error.cause && masked.every(([member, text]) => text === (error[member as "message"] ?? "")))
      return error;
    const changed = Object.fromEntries(
      [...masked, ["cause", cause] as const].map(([member, value]) => [
        member,
        { value, configurable: true, writable: true },
      ]),
    );
    return Object.create(Object.getPrototypeOf(error) as object, {
      ...Object.getOwnPropertyDescriptors(error),
      ...changed,
    }) as Error;
  }
}

/** Neither an array nor an instance of a class. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
