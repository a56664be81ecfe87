/**
 * What a completion's metadata must have so that its cost can be attributed, where the settings demand it. Portkey
 * itself takes any: then only values that the settings exclude by name are errors.
 */
import { ownMember } from "../../catalog/json.ts";
import type { Json } from "../../catalog/json.ts";
import { jsonType, withArticle } from "../../portkey/request/problem.ts";
import { textOf } from "../values/portkey-values.ts";

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
/** What Portkey is said to keep of a value. */
const longestValue = 128;

/** A setting's values: comma-separated, blanks dropped. */
export function listedValues(setting: string | undefined): string[] {
  return (setting ?? "")
    .split(",")
    .map((value) => value.trim())
    .filter(Boolean);
}

/** The fields that must be given. */
export function requiredMetadata(settings: Settings): string[] {
  const set = settings["PORTKEY_METADATA_REQUIRED"];
  return set === undefined ? REQUIRED_BY_DEFAULT : listedValues(set);
}

/** Everything wrong with the metadata, and everything that is merely missing. */
export function checkMetadata(metadata: Json, settings: Settings): MetadataFindings {
  const required = requiredMetadata(settings);
  const isGiven = (name: string) => (textOf(metadata[name])?.trim() ?? "") !== "";
  const missing = required
    .filter((name) => !isGiven(name))
    .map((name) => `${name} is missing: pass a non-empty string.`);
  const wrong = Object.entries(metadata).flatMap(([name, value]) => problemsOf(name, value, settings));
  const expected = EXPECTED.filter((name) => !required.includes(name) && !isGiven(name));
  return {
    errors: [...missing, ...wrong],
    warnings: [
      ...expected.map((name) => `${name} is missing: cost cannot be broken down by it.`),
      ...longWarnings(metadata),
    ],
  };
}

/** Metadata that nobody rules on, but for the values that the settings allow. */
export function checkFreeMetadata(metadata: Json, settings: Settings): MetadataFindings {
  const entries = Object.entries(metadata);
  const texts = entries.filter(([, value]) => typeof value === "string");
  const others = entries.filter(([, value]) => typeof value !== "string");
  return {
    errors: texts.flatMap(([name, value]) => problemsOf(name, value, settings)),
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

function problemsOf(name: string, value: unknown, settings: Settings): string[] {
  if (value === undefined) return [];
  if (typeof value !== "string") return [`${name} must be a string, got ${withArticle(jsonType(value))}.`];
  const setting = ownMember(ALLOWED, name);
  const allowed = setting === undefined ? [] : listedValues(settings[setting]);
  if (allowed.length === 0 || allowed.includes(value) || value === "") return [];
  return [`${name} ${JSON.stringify(value)} is not allowed (${setting}): use ${allowed.join(", ")}.`];
}
