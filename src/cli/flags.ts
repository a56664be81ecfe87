/** The flags of the command line: those of settings, from the settings' tables, and a few others. */
import { HTTP_SETTINGS } from "../config/http-settings.ts";
import type { SettingTable } from "../config/setting.ts";
import { SETTINGS } from "../config/settings.ts";

export interface Flag {
  readonly type: "boolean" | "string";
  readonly doc: string;
  /** The setting that it gives, which overrides the environment. */
  readonly setting?: string;
  /** Whether it may be repeated, which adds up. */
  readonly list?: true;
  /** How --help shows its value. */
  readonly value?: string;
  /** The commands that know it; absent: all. */
  readonly commands?: readonly string[];
}

/** The commands that reach Portkey. */
const SERVERS = ["stdio", "http", "doctor"];

const FLAGS_WITHOUT_SETTING: Readonly<Record<string, Flag>> = {
  help: { type: "boolean", doc: "Show this help" },
  version: { type: "boolean", doc: "Show the version" },
  sandbox: { type: "boolean", doc: "Use the built-in stand-in for Portkey: no key, no network", commands: SERVERS },
  doctor: {
    type: "boolean",
    doc: "Do not serve: check the set-up, as the command doctor does",
    commands: ["stdio", "http"],
  },
};

/** Every flag by its name without dashes. */
export const FLAGS: Readonly<Record<string, Flag>> = {
  ...flagsOf(SETTINGS, SERVERS),
  ...flagsOf({ PORTKEY_SANDBOX_SEED: SETTINGS.PORTKEY_SANDBOX_SEED }, [...SERVERS, "sandbox"]),
  ...flagsOf({ PORTKEY_EDITION: SETTINGS.PORTKEY_EDITION }, [...SERVERS, "sandbox"]),
  ...flagsOf({ MCP_HOST: HTTP_SETTINGS.MCP_HOST }, ["http"]),
  ...flagsOf({ MCP_PORT: HTTP_SETTINGS.MCP_PORT }, ["http", "sandbox"]),
  ...FLAGS_WITHOUT_SETTING,
};

function flagsOf(table: SettingTable, commands: readonly string[]): Record<string, Flag> {
  const flags: Record<string, Flag> = {};
  for (const [name, { flag, kind, doc }] of Object.entries(table)) {
    if (flag === undefined) continue;
    const isSwitch = kind.label === "true or false";
    flags[flag] = {
      type: isSwitch ? "boolean" : "string",
      doc,
      setting: name,
      commands,
      ...(kind.label === "list" && { list: true }),
      ...(!isSwitch && { value: kind.label.split(", ").join("|") }),
    };
  }
  return flags;
}

/** A message with each setting that a flag gave called by its flag. `given` are the settings' texts, by name. */
export function nameFlags(text: string, given: Readonly<Record<string, string>>): string {
  let named = text;
  for (const [flag, { setting }] of Object.entries(FLAGS)) {
    if (setting === undefined || given[setting] === undefined) continue;
    // Not inside another name, nor in NAME_FILE.
    named = named.replaceAll(new RegExp(`(?<![\\w-])${setting}(?!\\w)`, "g"), `--${flag}`);
  }
  return named;
}
