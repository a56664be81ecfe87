/**
 * `tsx scripts/settings.ts`: writes docs/settings.md from the tables of settings and flags, which --help is made from
 * too, and the keys of a policy file's rules in docs/access.md. A test fails where a page is behind.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { FLAGS } from "../src/cli/flags.ts";
import { shownDefault } from "../src/cli/help.ts";
import { HTTP_SETTINGS } from "../src/config/http-settings.ts";
import { OTEL_SETTINGS } from "../src/config/otel-settings.ts";
import type { Setting, SettingTable } from "../src/config/setting.ts";
import { SETTINGS } from "../src/config/settings.ts";
import { RULE_KEYS } from "../src/http/policy/rule-keys.ts";

export const SETTINGS_FILE = new URL("../docs/settings.md", import.meta.url);
export const ACCESS_FILE = new URL("../docs/access.md", import.meta.url);

/** The page's text. */
export function settingsPage(): string {
  const withoutVariable = Object.entries(FLAGS).filter(([, flag]) => flag.setting === undefined);
  return `# Settings

Written by \`npm run docs\` from the tables in src/config. Do not edit.

Settings are environment variables.
Those with a flag can be given on the command line too, where they win over the variable.
An empty variable counts as not set.
Those marked \`_FILE\` can be read from a file: \`PORTKEY_API_KEY_FILE=/run/secrets/portkey\`.
A mistake ends the start with one line on stderr and exit code 2, which names the flag or variable that was used.
\`source <(npx -y portkey-admin-mcp completion bash)\` completes commands, flags and their values;
zsh and fish have theirs.

## Both transports

${table(SETTINGS)}

## HTTP

${table(HTTP_SETTINGS)}

## OpenTelemetry

Off without them, in both transports.
They mean what OpenTelemetry's specification says; a value that is not understood is a warning in the log.
Each of the exporter's can be given for one signal, as \`OTEL_EXPORTER_OTLP_TRACES_ENDPOINT\`.
See [telemetry](telemetry.md).

${table(OTEL_SETTINGS)}

## Flags without a variable

| flag | |
|---|---|
${withoutVariable.map(([name, { doc }]) => `| \`--${name}\` | ${doc} |`).join("\n")}
`;
}

/** `page` with the rows of what a rule may say, which stand below that of `match`. */
export function accessPage(page: string): string {
  const rows = Object.entries(RULE_KEYS).map(([key, { doc }]) => `| \`${key}\` | ${doc} |\n`);
  return page.replace(/(?<=^\| `match` \|.*\n)(?:\| .*\n)*/m, () => rows.join(""));
}

function table(settings: SettingTable): string {
  const rows = Object.entries(settings).map(([name, row]) => {
    const cells = [names(name, row), flagOf(row), ...[row.kind.label, shownDefault(row), row.doc].map(escaped)];
    return `| ${cells.join(" | ")} |`;
  });
  return ["| variable | flag | value | default | |", "|---|---|---|---|---|", ...rows].join("\n");
}

function names(name: string, { also = [], file }: Setting): string {
  return [name, ...also].map((variable) => `\`${variable}\``).join(", ") + (file ? " (`_FILE`)" : "");
}

function flagOf({ flag }: Setting): string {
  return flag === undefined ? "" : `\`--${flag}\``;
}

function escaped(text: string): string {
  return text.replaceAll("|", "\\|");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  writeFileSync(SETTINGS_FILE, settingsPage());
  writeFileSync(ACCESS_FILE, accessPage(readFileSync(ACCESS_FILE, "utf8")));
}
