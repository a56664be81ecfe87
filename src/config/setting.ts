/**
 * One setting: a row of the tables by which values are read, --help is printed and docs/settings.md is generated.
 */

import type { EditionName } from "../catalog/editions.ts";

/** A kind of value: its description in the settings table, and how its text is parsed. */
export interface Kind<Value> {
  readonly label: string;
  /** Returns the value, or throws an Error whose message completes "NAME …". */
  parse(text: string): Value;
  /** Whether messages must not quote the value. */
  readonly secret?: true;
}

/** `To`: the name of the configuration's member that holds the value as it was read. */
export interface Setting<Value = unknown, To extends string = string> {
  readonly kind: Kind<Value>;
  /** Used where the setting is not given; null where there is no default. */
  readonly fallback: Value;
  /** One line of documentation, without a full stop. */
  readonly doc: string;
  /** The command-line flag without dashes; a switch for booleans, else it takes the value. */
  readonly flag?: string;
  /** Older or more general names that are read where this one is not given, in this order. */
  readonly also?: readonly string[];
  /** Whether NAME_FILE may name a file with the value. */
  readonly file?: true;
  /** Whether it restricts something: then an unknown variable that looks like it stops the start. */
  readonly protects?: true;
  /** The edition of the API that it is for; absent: all. */
  readonly edition?: EditionName;
  /** The configuration's member that holds the value. Without it, several settings make one member together. */
  readonly to?: To;
  /** How the documentation shows the default, where the value alone is not clear. */
  readonly shown?: string;
}

/** Settings by name, which is that of the environment variable. */
export type SettingTable = Readonly<Record<string, Setting>>;

/** The values of a table's settings, or their defaults. */
export type Values<Table extends SettingTable> = {
  readonly [Name in keyof Table]: Table[Name] extends Setting<infer Value> ? Value : never;
};

/** The members of the configuration that rows name with `to`. */
export type Members<Table extends SettingTable> = {
  readonly [
    Name in keyof Table as Table[Name] extends { readonly to?: infer To extends string } ? To : never
  ]: Table[Name] extends Setting<infer Value> ? Value : never;
};

export function membersOf<Table extends SettingTable>(table: Table, values: Values<Table>): Members<Table> {
  const members = Object.entries(table).flatMap(([name, { to }]) => (to === undefined ? [] : [[to, values[name]]]));
  return Object.fromEntries(members) as Members<Table>;
}

type Options<Value, To extends string> = Partial<Omit<Setting<Value, To>, "kind" | "fallback" | "doc">>;

/** A row with a default. */
export function setting<Value, const To extends string = never>(
  kind: Kind<Value>,
  fallback: Value,
  doc: string,
  options: Options<Value, To> = {},
): Setting<Value, To> {
  return { kind, fallback, doc, ...options };
}

/** A row without a default: null where it is not set. */
export function optional<Value, const To extends string = never>(
  kind: Kind<Value>,
  doc: string,
  options: Options<Value | null, To> = {},
): Setting<Value | null, To> {
  return { kind, fallback: null, doc, ...options };
}
