/** The text of --help, from the tables of commands, flags and settings. */
import { HTTP_SETTINGS } from "../config/http-settings.ts";
import { OTEL_SETTINGS } from "../config/otel-settings.ts";
import type { Setting, SettingTable } from "../config/setting.ts";
import { SETTINGS } from "../config/settings.ts";
import { FLAGS } from "./flags.ts";

export function helpText(commands: Readonly<Record<string, { readonly doc: string }>>): string {
  return [
    "Portkey's Admin API as MCP tools.",
    "",
    "Usage: portkey-admin-mcp [command] [flags]",
    "",
    "Commands",
    ...rows(Object.entries(commands).map(([name, { doc }]) => [name, doc])),
    "",
    "Flags",
    ...rows(
      Object.entries(FLAGS).map(([name, { value, doc }]) => [
        `--${name}${value === undefined ? "" : ` <${value}>`}`,
        doc,
      ]),
    ),
    "",
    "Environment (a flag wins over its variable)",
    ...rows(settingRows(SETTINGS)),
    "",
    "Environment of the command http",
    ...rows(settingRows(HTTP_SETTINGS)),
    "",
    "Environment of OpenTelemetry, for both",
    ...rows(settingRows(OTEL_SETTINGS)),
    "",
  ].join("\n");
}

/** The default as documentation shows it; empty where there is none. */
export function shownDefault({ fallback, shown }: Setting): string {
  if (shown !== undefined) return shown;
  if (Array.isArray(fallback)) return fallback.join(",");
  return fallback === null ? "" : String(fallback);
}

function settingRows(table: SettingTable): [string, string][] {
  return Object.entries(table).map(([name, row]) => {
    const names = [name, ...(row.also ?? [])].join(", ") + (row.file ? " (or _FILE)" : "");
    const value = shownDefault(row);
    return [names, value === "" ? row.doc : `${row.doc} [${value}]`];
  });
}

/** Two columns; a name that is too wide for its column gets a line of its own. */
function rows(entries: readonly (readonly [string, string])[]): string[] {
  const width = 34;
  return entries.map(([name, doc]) =>
    name.length > width ? `  ${name}\n  ${"".padEnd(width)}  ${doc}` : `  ${name.padEnd(width)}  ${doc}`,
  );
}
