/**
 * Finds what keeps the server from starting although each setting is well-formed, all of it at once. The start and
 * doctor both use it. It opens and changes nothing.
 */
import { collectMistakes } from "../errors/collect-mistakes.ts";
import { placeNames } from "./audit/audit.ts";
import { checkPlaces } from "./audit/check-places.ts";
import type { AuthOptions } from "./auth/auth-options.ts";
import { checkExposure } from "./auth/exposure.ts";
import { readRules } from "./policy/rules.ts";

export interface PreflightParts extends Pick<
  AuthOptions,
  "config" | "policy" | "credentials" | "records" | "readSecret"
> {
  /** Whether the settings of OpenTelemetry name a collector for audit lines. */
  readonly collector: boolean;
}

/** The warnings to log. Throws CONFIG with a line for each mistake. */
export function preflight({ collector, ...options }: PreflightParts): string[] {
  const { config } = options;
  const mistakes = collectMistakes();
  const warnings = mistakes.attempt(() => checkExposure(config)) ?? [];
  mistakes.attempt(() => readRules(options));
  const chained = config.audit?.chain !== undefined;
  mistakes.attempt(() => checkPlaces(placeNames(config.auditLog), { chained, collector }));
  mistakes.refuse();
  return warnings;
}
