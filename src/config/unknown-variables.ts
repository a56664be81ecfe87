/**
 * Finds variables that look like misspelt settings, which would have no effect. One that looks like a setting that
 * restricts something stops the start; any other is a warning.
 */
import { closestName } from "../errors/closest-name.ts";
import { oneLine } from "../errors/foreign-text.ts";
import { distance } from "fastest-levenshtein";
import { isForeignVariable } from "./foreign-variables.ts";
import { HTTP_SETTINGS } from "./http-settings.ts";
import type { Source } from "./read-settings.ts";
import type { SettingTable } from "./setting.ts";
import { SETTINGS } from "./settings.ts";

export interface UnknownVariables {
  /** One line for each variable that may mean a restricting setting that is not set. */
  readonly mistakes: string[];
  readonly warnings: string[];
}

export interface Reading {
  /** Whether the HTTP server's settings count, so that a missing one leaves it open. */
  readonly http: boolean;
  /** A policy file's text: it names variables that hold keys. */
  readonly policyText?: string;
}

const OURS = /^(PORTKEY|MCP|PRISMA_AIRS)_/i;

/** Checks only the names. Messages do not quote values. */
export function unknownVariables(env: Source["env"], { http, policyText = "" }: Reading): UnknownVariables {
  const known = namesOf({ ...SETTINGS, ...HTTP_SETTINGS });
  const protecting = missingProtections(http ? { ...SETTINGS, ...HTTP_SETTINGS } : SETTINGS, env);
  const named = new Set(policyText.match(/[A-Za-z_]\w*/g));
  const mistakes: string[] = [];
  const warnings: string[] = [];
  for (const [name, value = ""] of Object.entries(env)) {
    if (known.has(name) || value.trim() === "" || named.has(name) || isForeignVariable(name, value)) continue;
    const shown = oneLine(name, 80);
    const isOurs = OURS.test(name);
    const meant = protecting.find((setting) => (isOurs ? looksLike(name, setting) : isSlipOf(name, setting)));
    if (meant === undefined && !isOurs) continue;
    if (meant === undefined) warnings.push(`${shown} is no setting and is not read. ${hintFor(name, [...known])}`);
    else mistakes.push(`${shown} is no setting. If ${meant} is meant, name it so; if not, remove it: ${WHY}`);
  }
  return { mistakes, warnings };
}

const WHY = "a protection that is misspelt would be missing.";

function hintFor(name: string, known: readonly string[]): string {
  const closest = closestName(name, known);
  return closest === undefined ? "docs/settings.md has all." : `The closest is ${closest}; docs/settings.md has all.`;
}

/** All known names: of settings, their older names, and those with _FILE. */
function namesOf(table: SettingTable): ReadonlySet<string> {
  return new Set(
    Object.entries(table).flatMap(([name, { also = [], file }]) => {
      const names = [name, ...also];
      return file ? [...names, ...names.map((each) => `${each}_FILE`)] : names;
    }),
  );
}

/** The restricting settings that are not set. */
function missingProtections(table: SettingTable, env: Source["env"]): string[] {
  const isSet = (name: string) => Object.hasOwn(env, name) && (env[name] ?? "").trim() !== "";
  return Object.entries(table).flatMap(([name, { protects, file }]) =>
    !protects || isSet(name) || (file && isSet(`${name}_FILE`)) ? [] : [name],
  );
}

/** Shorter names would match too many words. */
const SHORTEST_PART = 4;

/** Whether `name` may mean `setting`: a misspelling of it, or a name that contains it or is part of it. */
function looksLike(name: string, setting: string): boolean {
  const [given, meant] = [stemOf(name), stemOf(setting)];
  if (given.length < SHORTEST_PART) return false;
  const slip = Math.max(1, Math.floor(meant.length / 5));
  if (isAnagram(given, meant) || distance(given, meant) <= slip) return true;
  return given.startsWith(meant) || meant.startsWith(given) || meant.endsWith(given);
}

/**
 * Whether `name`, which has another prefix, is the setting with one slip: a missing underscore, two letters swapped, or
 * one letter missing or added. A replaced letter is no slip, but another program's prefix, as in GCP_.
 */
function isSlipOf(name: string, setting: string): boolean {
  const [given, meant] = [bare(name), bare(setting)];
  const longer = Math.abs(given.length - meant.length);
  // Every variable is compared with every setting; the lengths rule out most.
  if (longer > 1) return false;
  return longer === 1 ? distance(given, meant) === 1 : isAnagram(given, meant) && distance(given, meant) <= 2;
}

function bare(name: string): string {
  return name.replace(/_/g, "").toLowerCase();
}

function stemOf(name: string): string {
  return bare(name.replace(OURS, ""));
}

function isAnagram(one: string, other: string): boolean {
  return one.length === other.length && letters(one) === letters(other);
}

function letters(text: string): string {
  return [...text].sort().join("");
}
