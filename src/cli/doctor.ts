/**
 * The command `doctor`: whether this machine, the settings, the keys and what lies behind them work, and what to do
 * where they do not. It reads and changes nothing; no line holds a secret.
 */
import metadata from "../../package.json" with { type: "json" };
import { MAIN_EDITION, validatorsOf } from "../catalog/editions.ts";
import type { ToolRecord } from "../catalog/record.ts";
import type { Config } from "../config/config.ts";
import type { HttpConfig } from "../config/http-config.ts";
import { HTTP_SETTINGS } from "../config/http-settings.ts";
import { loadHttpConfig } from "../config/http.ts";
import { loadConfig } from "../config/load-config.ts";
import type { Source } from "../config/read-settings.ts";
import { PortkeyMcpError } from "../errors/errors.ts";
import { createPortkey } from "../portkey/create.ts";
import { createPooledFetch } from "../portkey/transport/pooled-fetch.ts";
import type { CommandLine } from "./command-line.ts";
import { certificateFindings } from "./doctor-certificates.ts";
import { reportOf, type Finding } from "./doctor-findings.ts";
import { loadChosenEdition } from "../config/chosen-edition.ts";
import { checkAccount, checkKeys } from "./doctor-keys.ts";
import { checkPortkey, checkRedis } from "./doctor-network.ts";
import { openUpstream } from "./open-upstream.ts";
import { VERSION } from "./version.ts";

/** Longer than a slow network needs, shorter than a person's patience. */
const REQUEST_MS = 10_000;

/** Prints what it finds on stdout; the exit code is 1 where something is wrong. */
export async function runDoctor(source: Source, line: CommandLine): Promise<void> {
  const findings = [{ level: "note", text: `portkey-admin-mcp ${VERSION}` } as const, ...(await examine(source, line))];
  process.stdout.write(reportOf(findings), () => process.exit(findings.some(({ level }) => level === "wrong") ? 1 : 0));
}

async function examine(source: Source, line: CommandLine): Promise<Finding[]> {
  const { records } = await loadChosenEdition(source);
  const findings = [nodeFinding(process.versions.node, metadata.engines.node), ...certificateFindings(source.env)];
  const http = usesHttp(source, line) ? attempt(() => loadHttpConfig(source), findings) : undefined;
  const needsKey = http?.credentials !== "caller" && http?.credentials !== "policy";
  const configured = attempt(
    () => loadConfig(source, records, { sandbox: line.switches.has("sandbox"), needsKey, ...(http && { http }) }),
    findings,
  );
  const warnings = [...(http?.warnings ?? []), ...(configured?.warnings ?? [])];
  findings.push(...warnings.map((text): Finding => ({ level: "note", text })));
  if (configured !== undefined) findings.push({ level: "ok", text: "The settings are well-formed." });

  const parts = [configured && examineUpstream(configured, records), http && examineHttp(http)];
  return [...findings, ...(await Promise.all(parts)).flatMap((found) => found ?? [])];
}

async function examineUpstream(configured: Config, records: readonly ToolRecord[]): Promise<Finding[]> {
  const { config, close } = await openUpstream(configured);
  try {
    const { findings, reached } = await checkPortkey(
      config.bases,
      AbortSignal.timeout(REQUEST_MS),
      config.allowPrivateBase === true,
    );
    if (!reached) return [...findings];
    const portkey = createPortkey({
      bases: config.bases,
      timeoutMs: REQUEST_MS,
      maxRetries: 1,
      tokenUrl: config.tokenUrl,
      loadValidators: validatorsOf(config.edition ?? MAIN_EDITION, records),
      userAgent: `portkey-admin-mcp/${VERSION} doctor`,
      fetch: createPooledFetch({ guarded: config.allowPrivateBase !== true }),
    });
    const check = { records, portkey, timeoutMs: 2 * REQUEST_MS };
    const { account } = config.credentials;
    const found = account === undefined ? checkKeys(config.credentials, check) : checkAccount(account, check);
    return [...findings, ...(await found)];
  } finally {
    await close();
  }
}

async function examineHttp(http: HttpConfig): Promise<Finding[]> {
  const { checkExposure } = await import("../http/auth/exposure.ts");
  const exposed = checkExposure(http).map((text): Finding => ({ level: "note", text }));
  const { checkIssuer } = await import("./doctor/issuer.ts");
  const [redis, issuer] = await Promise.all([http.redis === null ? [] : checkRedis(http.redis), checkIssuer(http)]);
  return [...exposed, ...redis, ...issuer];
}

/** Adds a mistake's lines to `findings`, and gives undefined for it. */
function attempt<Loaded>(load: () => Loaded, findings: Finding[]): Loaded | undefined {
  try {
    return load();
  } catch (error) {
    if (!(error instanceof PortkeyMcpError)) throw error;
    findings.push(...error.message.split("\n").map((text): Finding => ({ level: "wrong", text })));
    return undefined;
  }
}

/** The HTTP server's settings are looked at where it was asked for, or where one of them is set. */
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
