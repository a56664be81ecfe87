/**
 * The kinds of value a setting can have. Each says what is wrong with a text it refuses and what it takes instead.
 */
import type { Kind } from "./setting.ts";

export const text: Kind<string> = { label: "text", parse: (raw) => raw };

export const path: Kind<string> = { label: "path", parse: (raw) => raw };

/** A key or token: it travels in a header, so anything but printable ASCII is a copying mistake. */
export const secret: Kind<string> = {
  label: "secret",
  secret: true,
  parse(raw) {
    if (!/^[\x21-\x7e]+$/.test(raw))
      throw new Error("holds a space, a line break or a character that no key has. Copy it again.");
    return raw;
  },
};

/** Several secrets, or a text with a secret in it: kept as it is, never repeated. */
export const secretText: Kind<string> = { label: "secret", secret: true, parse: (raw) => raw };

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
  parse(raw) {
    const value = SWITCH[raw.toLowerCase()];
    if (value === undefined) throw new Error(`is "${raw}". Use true or false.`);
    return value;
  },
};

/** A whole number from `min` to `max`. */
export function integer(min: number, max = Number.MAX_SAFE_INTEGER): Kind<number> {
  return {
    label: "number",
    parse(raw) {
      if (!/^[+-]?\d+$/.test(raw)) throw new Error(`is "${raw}", which is not a whole number.`);
      const value = Number(raw);
      if (value < min) throw new Error(`is ${raw}. The least is ${min}.`);
      if (value > max) throw new Error(`is ${raw}. The most is ${max}.`);
      return value;
    },
  };
}

const UNITS: Readonly<Record<string, number>> = { "": 1, b: 1, kb: 1024, mb: 1024 ** 2 };

/** A size in bytes: 65536, 64kb, 1mb. */
export const bytes: Kind<number> = {
  label: "size",
  parse(raw) {
    const [, digits, unit] = /^(\d+)\s*([a-z]*)$/i.exec(raw) ?? [];
    const factor = UNITS[unit?.toLowerCase() ?? "-"];
    if (digits === undefined || factor === undefined)
      throw new Error(`is "${raw}". Use bytes, or a number with kb or mb, such as 1mb.`);
    const value = Number(digits) * factor;
    if (value === 0 || !Number.isSafeInteger(value)) throw new Error(`is "${raw}", which is no usable size.`);
    return value;
  },
};

export function oneOf<const Choice extends string>(...choices: readonly Choice[]): Kind<Choice> {
  return {
    label: choices.join(", "),
    parse(raw) {
      const value = choices.find((choice) => choice === raw.toLowerCase());
      if (value === undefined) throw new Error(`is "${raw}". Use one of: ${choices.join(", ")}.`);
      return value;
    },
  };
}

/** A list of `separator`-divided entries; empty ones are dropped. */
export const list: Kind<readonly string[]> = {
  label: "list",
  parse: (raw) =>
    raw
      .split(",")
      .map((entry) => entry.trim())
      .filter((entry) => entry !== ""),
};

/** An http or https address without credentials, query or fragment; the trailing slash is dropped. */
export const url: Kind<string> = {
  label: "URL",
  parse(raw) {
    if (!URL.canParse(raw)) throw new Error(`is "${raw}", which is not a URL. Use the form https://host/path.`);
    const parsed = new URL(raw);
    if (parsed.username !== "" || parsed.password !== "")
      throw new Error("has a user name or password in it. Remove it: keys have settings of their own.");
    if (parsed.protocol !== "https:" && parsed.protocol !== "http:")
      throw new Error(`is "${raw}". It must start with https:// (or http://).`);
    if (parsed.search !== "" || parsed.hash !== "")
      throw new Error(`is "${raw}". It must end with the path: no ? and no #.`);
    return parsed.href.replace(/\/+$/, "");
  },
};

/** A token issuer's address, kept to the letter: tokens carry it with or without its trailing slash. */
export const issuer: Kind<string> = {
  label: "URL",
  parse(raw) {
    url.parse(raw);
    return raw;
  },
};
