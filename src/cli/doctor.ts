/**
 * The command `doctor`: checks this machine, the settings, the keys and the services behind them, and says how to fix
 * what does not work. It changes nothing, and prints no secrets.
 */
import metadata from "../../package.json" with { type: "json" };
import { MAIN_EDITION, validatorLoaders } from "../catalog/editions.ts";
import type { ToolRecord } from "../catalog/record.ts";
import type { Config } from "../config/config.ts";
import { EDITIONS } from "../config/editions.ts";
import { HTTP_SETTINGS } from "../config/http-settings.ts";
import { loadConfig } from "../config/load-config.ts";
import type { Source } from "../config/read-settings.ts";
import { certificateFaults } from "../config/tls.ts";
import { collectMistakes } from "../errors/collect-mistakes.ts";
import { PortkeyMcpError } from "../errors/errors.ts";
import { createPortkey } from "../portkey/create.ts";
import { createPooledFetch } from "../portkey/transport/pooled-fetch.ts";
import type { CommandLine } from "./command-line.ts";
import { certificateFindings } from "./doctor-certificates.ts";
import { reportOf, type Finding } from "./doctor-findings.ts";
import { loadChosenEdition } from "../config/chosen-edition.ts";
import { checkAccount, checkKeys } from "./doctor-keys.ts";
import { checkPortkey } from "./doctor-network.ts";
import { examineHttp } from "./doctor/http-server.ts";
import { nameFlags } from "./flags.ts";
import { openUpstream } from "./open-upstream.ts";
import { readBoth, type ReadBoth } from "./reload/load-both.ts";
import { VERSION } from "./version.ts";

/** Enough for a slow network, and short enough for a person who waits. */
const REQUEST_MS = 10_000;

/** Prints the findings on stdout. The exit code is 1 where something is wrong. */
export async function runDoctor(source: Source, line: CommandLine): Promise<void> {
  const found = await examine(source, line);
  const named = found.map((finding) => ({ ...finding, text: nameFlags(finding.text, line.settings) }));
  const findings = [{ level: "note", text: `portkey-admin-mcp ${VERSION}` } as const, ...named];
  process.stdout.write(reportOf(findings), () => process.exit(findings.some(({ level }) => level === "wrong") ? 1 : 0));
}

async function examine(source: Source, line: CommandLine): Promise<Finding[]> {
  const { records } = await loadChosenEdition(source);
  const { http, configured, mistakes } = readWhatCounts(source, line, records);
  const findings = [nodeFinding(process.versions.node, metadata.engines.node), ...certificateFindings(source.env)];
  const warnings = [...(http?.warnings ?? []), ...(configured?.warnings ?? [])];
  const refusedByClients = new Set(certificateFaults(http?.tls ?? null));
  findings.push(
    ...wrong(mistakes.lines),
    ...warnings.map((text): Finding => ({ level: refusedByClients.has(text) ? "wrong" : "note", text })),
  );
  if (mistakes.lines.length === 0) findings.push({ level: "ok", text: "The settings are well-formed." });

  const parts = [
    configured && examineUpstream(configured, records),
    http && examineHttp({ http, configured, records, env: source.env }),
  ];
  return [...findings, ...(await Promise.all(parts)).flatMap((found) => found ?? [])];
}

function readWhatCounts(source: Source, line: CommandLine, records: readonly ToolRecord[]): ReadBoth {
  const sandbox = line.switches.has("sandbox");
  if (usesHttp(source, line)) return readBoth(source, { records }, sandbox);
  const mistakes = collectMistakes();
  const configured = mistakes.attempt(() => loadConfig(source, records, { sandbox, needsKey: true }));
  return { ...(configured && { configured }), mistakes };
}

function wrong(lines: readonly string[]): Finding[] {
  return lines.map((text) => ({ level: "wrong", text }));
}

async function examineUpstream(configured: Config, records: readonly ToolRecord[]): Promise<Finding[]> {
  let close = async () => {};
  try {
    const upstream = await openUpstream(configured);
    close = upstream.close;
    return await examinePortkey(upstream.config, records);
  } catch (error) {
    if (error instanceof PortkeyMcpError && error.code === "CONFIG") return wrong(error.message.split("\n"));
    throw error;
  } finally {
    await close();
  }
}

async function examinePortkey(config: Config, records: readonly ToolRecord[]): Promise<Finding[]> {
  const { edition = MAIN_EDITION, bases, credentials, allowPrivateBase = false } = config;
  const { product } = EDITIONS[edition];
  const { findings, reached } = await checkPortkey(bases, AbortSignal.timeout(REQUEST_MS), allowPrivateBase, product);
  if (!reached) return [...findings];
  const portkey = createPortkey({
    bases,
    timeoutMs: REQUEST_MS,
    maxRetries: 1,
    tokenUrl: config.tokenUrl,
    product,
    loadValidators: validatorLoaders(edition, records),
    userAgent: `portkey-admin-mcp/${VERSION} doctor`,
    fetch: createPooledFetch({ guarded: !allowPrivateBase }),
  });
  const check = { records, portkey, timeoutMs: 2 * REQUEST_MS };
  const { account } = credentials;
  const found = account === undefined ? checkKeys(credentials, check) : checkAccount(account, check);
  return [...findings, ...(await found)];
}

/** Whether to check the HTTP server: where the command names it, or one of its settings is set. */
function usesHttp({ env }: Source, { command }: CommandLine): boolean {
  if (command === "http" || env["MCP_TRANSPORT"] === "http") return true;
  const names = Object.entries(HTTP_SETTINGS).flatMap(([name, { file }]) => [name, ...(file ? [`${name}_FILE`] : [])]);
  return [...names, "REDIS_URL"].some((name) => Boolean(env[name]));
}

/** `needed` is package.json's engines: `>=20.19`. */
export function nodeFinding(version: string, needed: string): Finding {
  const [least, have] = [needed, version].map((text) => text.replace(/^\D+/, "").split(".").map(Number));
  const at = [0, 1].find((index) => have?.[index] !== least?.[index]);
  const enough = at === undefined || (have?.[at] ?? 0) > (least?.[at] ?? 0);
  if (enough) return { level: "ok", text: `Node ${version}.` };
  return {
    level: "wrong",
    text: `Node ${version} is too old.`,
    todo: `Install Node ${needed.replace(/^\D+/, "")} or newer.`,
  };
}
