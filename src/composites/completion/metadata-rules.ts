/**
 * Checks a completion's metadata. Portkey accepts any, but the settings may require fields, so that costs can be
 * attributed, and may restrict the values of some.
 */
import { ownMember } from "../../catalog/json.ts";
import type { Json } from "../../catalog/json.ts";
import { jsonType, withArticle } from "../../portkey/request/problem.ts";
import { asText } from "../values/portkey-values.ts";

export interface MetadataFindings {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

type Settings = Readonly<Record<string, string>>;

const REQUIRED_BY_DEFAULT = ["client_id", "app", "env"];
const EXPECTED = ["project_id"];
const ALLOWED: Readonly<Record<string, string>> = {
  client_id: "PORTKEY_METADATA_ALLOWED_CLIENTS",
  app: "PORTKEY_METADATA_ALLOWED_APPS",
  env: "PORTKEY_METADATA_ALLOWED_ENVS",
};
/** Characters of a value that Portkey keeps, according to its documentation. */
const longestValue = 128;

/** The values of a comma-separated setting, without blank ones. */
export function splitSetting(setting: string | undefined): string[] {
  return (setting ?? "")
    .split(",")
    .map((value) => value.trim())
    .filter(Boolean);
}

/** The required fields. */
export function requiredMetadata(settings: Settings): string[] {
  const set = settings["PORTKEY_METADATA_REQUIRED"];
  return set === undefined ? REQUIRED_BY_DEFAULT : splitSetting(set);
}

/** Errors and warnings about metadata where fields are required. */
export function checkMetadata(metadata: Json, settings: Settings): MetadataFindings {
  const required = requiredMetadata(settings);
  const isGiven = (name: string) => (asText(metadata[name])?.trim() ?? "") !== "";
  const missing = required
    .filter((name) => !isGiven(name))
    .map((name) => `${name} is missing: pass a non-empty string.`);
  const wrong = Object.entries(metadata).flatMap(([name, value]) => checkValue(name, value, settings));
  const expected = EXPECTED.filter((name) => !required.includes(name) && !isGiven(name));
  return {
    errors: [...missing, ...wrong],
    warnings: [
      ...expected.map((name) => `${name} is missing: cost cannot be broken down by it.`),
      ...longWarnings(metadata),
    ],
  };
}

/** Errors and warnings about metadata where no fields are required: only the allowed values are checked. */
export function checkFreeMetadata(metadata: Json, settings: Settings): MetadataFindings {
  const entries = Object.entries(metadata);
  const texts = entries.filter(([, value]) => typeof value === "string");
  const others = entries.filter(([, value]) => typeof value !== "string");
  return {
    errors: texts.flatMap(([name, value]) => checkValue(name, value, settings)),
    warnings: [
      ...others.map(([name, value]) => `${name} is ${withArticle(jsonType(value))}; Portkey keeps strings.`),
      ...longWarnings(metadata),
    ],
  };
}

function longWarnings(metadata: Json): string[] {
  return Object.entries(metadata)
    .filter(([, value]) => typeof value === "string" && value.length > longestValue)
    .map(([name]) => `${name} is longer than ${longestValue} characters; Portkey may cut or refuse it.`);
}

function checkValue(name: string, value: unknown, settings: Settings): string[] {
  if (value === undefined) return [];
  if (typeof value !== "string") return [`${name} must be a string, got ${withArticle(jsonType(value))}.`];
  const setting = ownMember(ALLOWED, name);
  const allowed = setting === undefined ? [] : splitSetting(settings[setting]);
  if (allowed.length === 0 || allowed.includes(value) || value === "") return [];
  return [`${name} ${JSON.stringify(value)} is not allowed (${setting}): use ${allowed.join(", ")}.`];
}
