/**
 * The kinds of values that settings can have. Each says what is wrong with an invalid text, and what to give instead.
 */
import { isIP } from "node:net";
import { placeholderProblem } from "./placeholder.ts";
import type { Kind } from "./setting.ts";

export const text: Kind<string> = { label: "text", parse: (raw) => raw };

export const path: Kind<string> = { label: "path", parse: (raw) => raw };

/** A key or token. It is sent in a header, so that other characters than printable ASCII are a copying mistake. */
export const secret: Kind<string> = {
  label: "secret",
  secret: true,
  parse(raw) {
    refusePlaceholder(raw);
    if (!/^[\x21-\x7e]+$/.test(raw))
      throw new Error("holds a space, a line break or a character that no key has. Copy it again.");
    return raw;
  },
};

/** An id of digits alone. */
export const digits: Kind<string> = {
  label: "digits",
  parse(raw) {
    if (!/^\d{1,20}$/.test(raw)) throw new Error(`is "${raw}". It is digits alone, such as 1234567890.`);
    return raw;
  },
};

/** Several secrets, or a text with a secret in it. Messages do not quote it. */
export const secretText: Kind<string> = {
  label: "secret",
  secret: true,
  parse(raw) {
    refusePlaceholder(raw);
    return raw;
  },
};

function refusePlaceholder(raw: string): void {
  const problem = placeholderProblem(raw);
  if (problem !== undefined) throw new Error(problem);
}

const SWITCH: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["1", true],
  ["yes", true],
  ["on", true],
  ["false", false],
  ["0", false],
  ["no", false],
  ["off", false],
]);

/** Whether a text means on or off; undefined where it means neither. */
export function readSwitch(text: string): boolean | undefined {
  return SWITCH.get(text.trim().toLowerCase());
}

export const flag: Kind<boolean> = {
  label: "true or false",
  parse(raw) {
    const value = readSwitch(raw);
    if (value === undefined) throw new Error(`is "${raw}". Use true or false.`);
    return value;
  },
};

/** A name or an address to listen at, without a port; an IPv6 address may have brackets, as in a URL. */
export const listenHost: Kind<string> = {
  label: "text",
  parse(raw) {
    const [, bracketed = raw] = /^\[(.*)\]$/.exec(raw) ?? [];
    if (isIP(bracketed) !== 0 || /^[^/:[\]\s]+$/.test(raw)) return bracketed;
    throw new Error(
      `is "${raw}". Give a name or an address alone, such as 127.0.0.1 or ::1; the port is a setting of its own.`,
    );
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

const UNITS: ReadonlyMap<string, number> = new Map([
  ["", 1],
  ["b", 1],
  ["kb", 1024],
  ["mb", 1024 ** 2],
]);

/** A size in bytes: 65536, 64kb, 1mb. */
export const bytes: Kind<number> = {
  label: "size",
  parse(raw) {
    const [, digits, unit] = /^(\d+)\s*([a-z]*)$/i.exec(raw) ?? [];
    const factor = UNITS.get(unit?.toLowerCase() ?? "-");
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

/** A list of entries with `separator` between them; empty ones are dropped. */
export const list: Kind<readonly string[]> = {
  label: "list",
  parse: (raw) =>
    namingSomething(
      raw,
      raw
        .split(",")
        .map((entry) => entry.trim())
        .filter((entry) => entry !== ""),
    ),
};

/** The entries. Throws where there are none: an empty list could mean everything or nothing, and so is a mistake. */
export function namingSomething(raw: string, entries: readonly string[]): readonly string[] {
  if (entries.length === 0) throw new Error(`is "${raw}", which names nothing. Name something, or leave it out.`);
  return entries;
}

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
    return parsed.href.replace(/(?<!\/)\/+$/, "");
  },
};

/** The first segments of this server's own paths. */
const OWN_PATHS = new Set(["mcp", "health", "ready", "metrics", "auth", "oauth", ".well-known"]);

/** Wildcard addresses, at which a server listens but which clients cannot call. */
const NOBODYS = new Set(["0.0.0.0", "[::]"]);

/** The address that clients use: the URL of one host, whose path must not begin like one of this server's own. */
export const publicUrl: Kind<string> = {
  ...url,
  parse(raw) {
    const address = url.parse(raw);
    const { hostname, pathname, origin } = new URL(address);
    if (/[,*]/.test(hostname)) throw new Error(`is "${raw}". Give one address; others go into MCP_ALLOWED_HOSTS.`);
    if (NOBODYS.has(hostname))
      throw new Error(`is "${raw}", where a server listens and nobody calls. Give the name that clients use.`);
    const [, first = ""] = pathname.split("/");
    if (OWN_PATHS.has(first))
      throw new Error(
        `is "${raw}", and this server has a path /${first} of its own. Give the address without it: ${origin}.`,
      );
    if (pathname.endsWith("/mcp"))
      throw new Error(`is "${raw}". Give it without /mcp, which is added: ${address.slice(0, -"/mcp".length)}.`);
    return address;
  },
};

/** A token issuer's address, kept exactly: tokens have it with or without a trailing slash. */
export const issuer: Kind<string> = {
  label: "URL",
  parse(raw) {
    url.parse(raw);
    return raw;
  },
};

/** A proxy's address; without a scheme it is http. It may hold a password, so that messages do not quote it. */
export const proxy: Kind<URL> = {
  label: "URL",
  secret: true,
  parse(raw) {
    const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(raw) ? raw : `http://${raw}`;
    if (!URL.canParse(address))
      throw new Error("is not a URL. Use the form http://host:port, or http://user:password@host:port.");
    const parsed = new URL(address);
    if (parsed.protocol !== "http:" && parsed.protocol !== "https:")
      throw new Error(`names a proxy of the kind ${parsed.protocol}//, and only http:// and https:// are spoken to.`);
    return parsed;
  },
};
