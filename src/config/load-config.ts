/**
 * Reads, checks and freezes the common configuration. Nothing starts with a configuration that has a mistake.
 */
import { createPolicy, policyProblems } from "../catalog/create-policy.ts";
import type { PolicyInput, PolicySubject } from "../catalog/policy.ts";
import { PortkeyMcpError } from "../errors/errors.ts";
import { baseUrlProblems } from "./base-url.ts";
import type { Config } from "./config.ts";
import { EDITIONS, foreignSettings, readEdition, withoutForeign, type Edition } from "./editions.ts";
import type { HttpConfig } from "./http-config.ts";
import { proxiesOf } from "./proxies.ts";
import type { Source } from "./read-settings.ts";
import { readSettings } from "./read-settings.ts";
import { membersOf, type Values } from "./setting.ts";
import { SETTINGS } from "./settings.ts";
import { unknownVariables, type Reading } from "./unknown-variables.ts";

/** How the server is started, besides the settings. */
export interface Start {
  readonly sandbox: boolean;
  /** Whether a Portkey key must be configured: not where callers send their own, nor with the sandbox. */
  readonly needsKey: boolean;
  /** The HTTP server's configuration, where that is started. */
  readonly http?: Pick<HttpConfig, "policyFile">;
}

type Upstream = Values<typeof SETTINGS>;

/**
 * The frozen Config. Throws CONFIG with one line for each mistake.
 * `records` are the tools, for checking the names of tools and domains.
 */
export function loadConfig(source: Source, records: readonly PolicySubject[], start: Start): Config {
  const mistakes: string[] = [];
  const warnings: string[] = [];
  const name = readEdition(SETTINGS.PORTKEY_EDITION, source);
  const edition = EDITIONS[name];
  const values = readSettings(SETTINGS, withoutForeign(SETTINGS, source, name), mistakes, warnings);
  if (!start.sandbox) mistakes.push(...foreignSettings(SETTINGS, source, name));
  const unknown = unknownVariables(source.env, readingOf(start));
  mistakes.push(...unknown.mistakes);
  warnings.push(...unknown.warnings);
  const proxies = proxiesOf(values, source, warnings);
  const bases = edition.bases(values);
  const tokenUrl = edition.tokenUrl(values);
  if (!start.sandbox) mistakes.push(...baseProblems(values, edition));

  const policyInput = policyInputOf(values);
  if (policyNeedsRecords(policyInput)) mistakes.push(...policyProblems(policyInput, records));

  const credentials = edition.credentials(values);
  if (start.needsKey && !start.sandbox) mistakes.push(...missingCredentials(values, edition, mistakes));

  refuse(mistakes);
  return Object.freeze({
    edition: name,
    ...membersOf(SETTINGS, values),
    bases,
    ...(tokenUrl !== null && { tokenUrl }),
    credentials,
    verifyWrites: values.PORTKEY_VERIFY_WRITES === "auto",
    policy: createPolicy(policyInput),
    elicitTimeoutMs: values.MCP_ELICIT_TIMEOUT_MS,
    allowPrivateBase: values.PORTKEY_ALLOW_PRIVATE_BASE_URL,
    proxies,
    sandbox: start.sandbox,
    ...(warnings.length > 0 && { warnings }),
    ...(values.PORTKEY_SANDBOX_SEED !== null && { sandboxSeed: values.PORTKEY_SANDBOX_SEED }),
    composites: compositeSettings(values),
  });
}

function readingOf({ http }: Start): Reading {
  const policyText = http?.policyFile?.text;
  return { http: http !== undefined, ...(policyText !== undefined && { policyText }) };
}

/** Throws CONFIG with `mistakes`, one a line, if there are any. */
export function refuse(mistakes: readonly string[]): void {
  if (mistakes.length > 0) throw new PortkeyMcpError("CONFIG", mistakes.join("\n"));
}

/** A line about missing credentials, unless one of `mistakes` is the reason. */
function missingCredentials(values: Upstream, edition: Edition, mistakes: readonly string[]): string[] {
  const missing = edition.missing(values);
  const isExplained = mistakes.some((line) => /API_KEY|PRISMA_AIRS_|--edition|PORTKEY_EDITION is "/.test(line));
  return missing === undefined || isExplained ? [] : [missing];
}

function baseProblems(values: Upstream, { urls }: Edition): string[] {
  const allowed = {
    privateAddress: values.PORTKEY_ALLOW_PRIVATE_BASE_URL,
    insecureHttp: values.PORTKEY_ALLOW_INSECURE_HTTP,
  };
  return urls.flatMap((name) => {
    const url = values[name];
    return url === null ? [] : baseUrlProblems(name, url, allowed);
  });
}

function policyInputOf(values: Upstream): PolicyInput {
  return {
    domains: values.PORTKEY_TOOL_DOMAINS,
    tools: values.PORTKEY_TOOLS,
    readOnly: values.PORTKEY_READ_ONLY,
    adminKeyFor: values.PORTKEY_ADMIN_KEY_FOR,
    confirm: values.PORTKEY_CONFIRM,
    discover: values.PORTKEY_DISCOVER,
    profile: values.PORTKEY_PROFILE ?? undefined,
  };
}

/** Whether names must be checked, which reads every tool and so takes time at start. */
function policyNeedsRecords(input: PolicyInput): boolean {
  return Boolean(input.domains ?? input.tools ?? input.adminKeyFor);
}

function compositeSettings(values: Upstream): Readonly<Record<string, string>> {
  const metadataSettings = Object.entries(values).filter(
    ([name, value]) => name.startsWith("PORTKEY_METADATA_") && value !== null,
  );
  return Object.freeze(Object.fromEntries(metadataSettings) as Record<string, string>);
}
