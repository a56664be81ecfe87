/**
 * One walk through a JSON value that hides its secrets. They are recognised by the name of the member that holds them,
 * by the pair or header they are part of, by their form, inside strings of JSON, and by their value where it is known.
 * Only what changes is copied.
 */
import { BOUNDS } from "../errors/bounds.ts";
import { isDeeper } from "../errors/nesting.ts";
import { mapItems, mapMembers } from "./copy-on-change.ts";
import { HIDE_NOTHING, type Hider } from "./hide-values.ts";
import { maskText, type Hide } from "./mask-text.ts";
import { HARMLESS_HEADERS, isSecretNameWithValue, findSecretPair, type SecretPair } from "./secret-pairs.ts";
import { isSecretName } from "./secret-names.ts";

/** Lists whose `key` members name something to match on, as in a policy's conditions. */
const NAMING_LISTS = new Set(["conditions", "group_by"]);
/** Names of members whose number is a secret, however short. */
const SECRET_NUMBER = /(?:otp|pin|cvv|cvc|code|pass(?:word|code|wd)?|pwd|secret)$/i;
const BEARER = /^\s*bearer\s+\S+\s*$/i;
/** Shown in place of values that are nested deeper than the bound. */
export const TOO_DEEP = "[nested too deep to show]";

type Members = Readonly<Record<string, unknown>>;

/** What decides which members of one object are secret. */
interface MemberContext {
  readonly pair: SecretPair | undefined;
  readonly inHeaders: boolean;
  readonly isNaming: boolean;
}

export class Masking {
  readonly #hide: Hide;
  readonly #known: Hider;
  #depth = 0;
  /** How many strings of JSON enclose the current value. */
  #jsonDepth = 0;

  /** `known` hides secrets by their value, wherever they are quoted. */
  constructor(hide: Hide, known: Hider = HIDE_NOTHING) {
    this.#hide = hide;
    this.#known = known;
  }

  /** Masks a value. `name` is the nearest member's name above it; with `secret`, all of the value is secret. */
  mask(value: unknown, name = "", secret = false): unknown {
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
    // Also for a text that is hidden whole: this collects the secrets in it, which may be quoted elsewhere.
    const masked = this.#known.text(this.#json(text, name) ?? maskText(text, this.#hide));
    return secret || BEARER.test(text) ? this.#hide(text) : masked;
  }

  /** A string of JSON, masked by the names in it; undefined where the string is no JSON. */
  #json(text: string, name: string): string | undefined {
    if (this.#jsonDepth >= BOUNDS.nestedJson || !/^\s*[[{"]/.test(text)) return undefined;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return undefined;
    }
    if (isDeeper(value, BOUNDS.depth - this.#depth)) return undefined;
    this.#jsonDepth += 1;
    const masked = this.mask(value, name);
    this.#jsonDepth -= 1;
    return masked === value ? text : JSON.stringify(masked);
  }

  #items(items: readonly unknown[], name: string, secret: boolean): readonly unknown[] {
    return mapItems(items, (item, index) =>
      this.mask(item, name, secret || (index % 2 === 1 && isSecretNameWithValue(items[index - 1], item))),
    );
  }

  #members(members: Members, name: string, secret: boolean): Members {
    const inHeaders = /headers?$/i.test(name);
    const isNaming = NAMING_LISTS.has(name);
    const names = Object.keys(members);
    const context = { inHeaders, isNaming, pair: isNaming ? undefined : findSecretPair(members, names, inHeaders) };
    return mapMembers(members, names, (inner, member) => [
      this.#known.name(maskText(inner, this.#hide)),
      this.#member(inner, member, secret, context),
    ]);
  }

  /** A number of three digits or more counts as a secret in a string of JSON, or under a few names. */
  #isSecretNumber(value: number, name: string): boolean {
    return Math.abs(value) >= 100 && (this.#jsonDepth > 0 || SECRET_NUMBER.test(name)) && isSecretName(name);
  }

  #member(name: string, member: unknown, secret: boolean, { pair, inHeaders, isNaming }: MemberContext): unknown {
    if (pair?.names.has(name) === true) return secret ? this.mask(member, name) : member;
    const isHeader = inHeaders && pair === undefined && !HARMLESS_HEADERS.has(name.toLowerCase());
    const isNamed = isSecretName(name) && !(isNaming && name === "key");
    return this.mask(member, name, secret || isHeader || isNamed || pair?.values.has(name) === true);
  }

  /** A masked copy of an error keeps its class and properties, so that loggers still treat it as an error. */
  #error(error: Error, name: string, secret: boolean): Error {
    const texts = Object.entries({ message: error.message, stack: error.stack ?? "" });
    const masked = texts.map(([member, text]) => [member, maskText(text, this.#hide)] as const);
    const cause = this.mask(error.cause, name, secret);
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
