/**
 * The kinds of value a setting can have. Each says what is wrong with a text it refuses and what it takes instead.
 */
import type { Kind } from "./setting.ts";

export const text: Kind<string> = { label: "text", parse: (given) => given };

export const path: Kind<string> = { label: "path", parse: (given) => given };

/** A key or token: it travels in a header, so anything but printable ASCII is a copying mistake. */
export const secret: Kind<string> = {
  label: "secret",
  secret: true,
  parse(given) {
    if (!/^[\x21-\x7e]+$/.test(given))
      throw new Error("holds a space, a line break or a character that no key has. Copy it again.");
    return given;
  },
};

/** Several secrets, or a text with a secret in it: kept as it is, never repeated. */
export const secretText: Kind<string> = { label: "secret", secret: true, parse: (given) => given };

const SWITCH: Readonly<Record<string, boolean>> = {
  true: true,
  "1": true,
  yes: true,
  on: true,
  false: false,
  "0": false,
  no: false,
  off: false,
};

export const flag: Kind<boolean> = {
  label: "true or false",
  parse(given) {
    const value = SWITCH[given.toLowerCase()];
    if (value === undefined) throw new Error(`is "${given}". Use true or false.`);
    return value;
  },
};

/** A whole number from `min` to `max`. */
export function integer(min: number, max = Number.MAX_SAFE_INTEGER): Kind<number> {
  return {
    label: "number",
    parse(given) {
      if (!/^[+-]?\d+$/.test(given)) throw new Error(`is "${given}", which is not a whole number.`);
      const value = Number(given);
      if (value < min) throw new Error(`is ${given}. The least is ${min}.`);
      if (value > max) throw new Error(`is ${given}. The most is ${max}.`);
      return value;
    },
  };
}

const UNITS: Readonly<Record<string, number>> = { "": 1, b: 1, kb: 1024, mb: 1024 ** 2 };

/** A size in bytes: 65536, 64kb, 1mb. */
export const bytes: Kind<number> = {
  label: "size",
  parse(given) {
    const [, digits, unit] = /^(\d+)\s*([a-z]*)$/i.exec(given) ?? [];
    const factor = UNITS[unit?.toLowerCase() ?? "-"];
    if (digits === undefined || factor === undefined)
      throw new Error(`is "${given}". Use bytes, or a number with kb or mb, such as 1mb.`);
    const value = Number(digits) * factor;
    if (value === 0 || !Number.isSafeInteger(value)) throw new Error(`is "${given}", which is no usable size.`);
    return value;
  },
};

export function oneOf<const Choice extends string>(...choices: readonly Choice[]): Kind<Choice> {
  return {
    label: choices.join(", "),
    parse(given) {
      const value = choices.find((choice) => choice === given.toLowerCase());
      if (value === undefined) throw new Error(`is "${given}". Use one of: ${choices.join(", ")}.`);
      return value;
    },
  };
}

/** A list of `separator`-divided entries; empty ones are dropped. */
export const list: Kind<readonly string[]> = {
  label: "list",
  parse: (given) =>
    given
      .split(",")
      .map((entry) => entry.trim())
      .filter((entry) => entry !== ""),
};

/** An http or https address without credentials, query or fragment; the trailing slash is dropped. */
export const url: Kind<string> = {
  label: "URL",
  parse(given) {
    if (!URL.canParse(given)) throw new Error(`is "${given}", which is not a URL. Use the form https://host/path.`);
    const parsed = new URL(given);
    if (parsed.username !== "" || parsed.password !== "")
      throw new Error("has a user name or password in it. Remove it: keys have settings of their own.");
    if (parsed.protocol !== "https:" && parsed.protocol !== "http:")
      throw new Error(`is "${given}". It must start with https:// (or http://).`);
    if (parsed.search !== "" || parsed.hash !== "")
      throw new Error(`is "${given}". It must end with the path: no ? and no #.`);
    return parsed.href.replace(/\/+$/, "");
  },
};

/** A token issuer's address, kept to the letter: tokens carry it with or without its trailing slash. */
export const issuer: Kind<string> = {
  label: "URL",
  parse(given) {
    url.parse(given);
    return given;
  },
};
