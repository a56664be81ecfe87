/**
 * Checks whether Portkey accepts the configured keys or account, and what they may read. It requests one list with one
 * item for each scope, or for each host, since Portkey has no request for a key's scopes.
 */
import type { ToolRecord } from "../catalog/record.ts";
import { PortkeyMcpError } from "../errors/errors.ts";
import type { Credentials, Portkey, ServiceAccount } from "../portkey/port.ts";
import type { Finding } from "./doctor-findings.ts";

export interface KeyCheck {
  readonly records: readonly ToolRecord[];
  readonly portkey: Portkey;
  /** For each request. */
  readonly timeoutMs: number;
}

const SETTING = { workspaceKey: "PORTKEY_API_KEY", adminKey: "PORTKEY_ADMIN_API_KEY" } as const;
type KeyName = keyof typeof SETTING;

/** The result of one read: the key may read it, may not, is unknown to Portkey, or there was no answer. */
type Verdict = "may" | "may not" | "unknown key" | "no answer";

export async function checkKeys(credentials: Credentials, check: KeyCheck): Promise<Finding[]> {
  const configuredKeys = (Object.keys(SETTING) as KeyName[]).filter((name) => credentials[name] !== undefined);
  const findings = await Promise.all(
    configuredKeys.map((name) => checkKey(name, { [name]: credentials[name] }, check)),
  );
  return findings.flat();
}

async function checkKey(name: KeyName, credentials: Credentials, check: KeyCheck): Promise<Finding[]> {
  const probes = probesFor(name, check.records);
  const [first, ...others] = probes;
  if (first === undefined) return [];
  const verdict = await ask(first, credentials, check);
  if (verdict === "unknown key" || verdict === "no answer") return [unusable(SETTING[name], verdict, first)];
  const verdicts = new Map<ToolRecord, Verdict>([[first, verdict]]);
  await Promise.all(others.map(async (record) => verdicts.set(record, await ask(record, credentials, check))));
  const probesWith = (wanted: Verdict) => probes.filter((record) => verdicts.get(record) === wanted);
  return rightsOf(name, probesWith("may"), probesWith("may not"));
}

function unusable(setting: string, verdict: "unknown key" | "no answer", probe: ToolRecord): Finding {
  if (verdict === "unknown key") {
    return {
      level: "wrong",
      text: `${setting} is set, and Portkey does not accept it (401).`,
      todo: "Copy the key again, or make a new one. Check that PORTKEY_BASE_URL is the installation it was made in.",
    };
  }
  return {
    level: "wrong",
    text: `${setting} is set, and Portkey gave no usable answer to ${probe.name}.`,
    todo: "Try again; if that does not help, look at Portkey's status page.",
  };
}

function rightsOf(name: KeyName, allowed: readonly ToolRecord[], refused: readonly ToolRecord[]): Finding[] {
  const setting = SETTING[name];
  const findings: Finding[] = [{ level: "ok", text: `${setting} is accepted.` }];
  const may = allowed.map(({ name: tool }) => tool);
  if (may.length > 0) {
    findings.push({ level: "note", text: `${setting} may call ${may.join(", ")}.` });
  } else {
    const todo = "Give the key scopes in Portkey's settings.";
    findings.push({ level: "wrong", text: `${setting} may read nothing that was tried.`, todo });
  }
  const mayNot = refused.map(({ name: tool, scopes }) => `${tool} (${scopes.replaceAll(" | ", " or ")})`);
  if (mayNot.length > 0)
    findings.push({ level: "note", text: `${setting} may not call ${mayNot.join(", ")}.`, todo: hintFor(name) });
  return findings;
}

function hintFor(name: KeyName): string {
  return name === "adminKey"
    ? "If list_all_users is among these, this may be a workspace key: admin keys are made in the organisation's " +
        "settings."
    : "The tools that need these will be refused. Add the scopes to the key where they are wanted.";
}

/**
 * One cheap list for each scope in Portkey's document; for an admin key, lists of the organisation first.
 */
function probesFor(name: KeyName, records: readonly ToolRecord[]): ToolRecord[] {
  const lists = records.filter(
    (record) =>
      record.risk === "read" &&
      record.method === "GET" &&
      record.base === "control" &&
      record.source === "spec" &&
      record.scopes !== "" &&
      !record.arguments.some(({ required }) => required) &&
      (name === "adminKey" ? record.key !== "workspace" : record.key !== "admin"),
  );
  // Of several lists with the same scope, the one with the shortest name: list_prompts, not list_prompt_labels.
  const plainest = new Map<string, ToolRecord>();
  for (const record of lists) {
    const known = plainest.get(record.scopes);
    if (known === undefined || record.name.length < known.name.length) plainest.set(record.scopes, record);
  }
  const probes = [...plainest.values()];
  return name === "adminKey" ? probes.sort((a, b) => Number(b.key === "admin") - Number(a.key === "admin")) : probes;
}

const PAGE_SIZES = ["page_size", "pageSize"];

async function ask(record: ToolRecord, credentials: Credentials, { portkey, timeoutMs }: KeyCheck): Promise<Verdict> {
  const size = record.arguments.find(({ name }) => PAGE_SIZES.includes(name));
  try {
    await portkey.send(record, size === undefined ? {} : { [size.name]: 1 }, {
      credentials,
      signal: AbortSignal.timeout(timeoutMs),
    });
    return "may";
  } catch (error) {
    const status = error instanceof PortkeyMcpError ? error.details["status"] : undefined;
    if (status === 401) return "unknown key";
    return typeof status === "number" && status >= 400 && status < 500 ? "may not" : "no answer";
  }
}

/** The result of one read with an account. */
type AccountVerdict = { readonly may: boolean; readonly error?: PortkeyMcpError };

/** Checks whether a service account gets a token, and what it may read: one list on each host that accepts tokens. */
export async function checkAccount(account: ServiceAccount, check: KeyCheck): Promise<Finding[]> {
  const probes = accountProbes(check.records);
  const [first, ...others] = probes;
  if (first === undefined) return [];
  // The first request fetches the token, which the others then use.
  const verdicts = [await askAs(first, account, check)];
  verdicts.push(...(await Promise.all(others.map((record) => askAs(record, account, check)))));
  const noToken = verdicts.find(({ error }) => error?.details["notSent"] === true)?.error;
  if (noToken !== undefined) return [{ level: "wrong", text: noToken.message }];
  const named = (wanted: boolean) => probes.filter((_, at) => verdicts[at]?.may === wanted).map(({ name }) => name);
  const [may, mayNot] = [named(true), named(false)];
  return [
    { level: "ok", text: `The service account gets tokens for the tenant ${account.tenant}.` },
    ...(may.length > 0 ? [{ level: "note", text: `It may call ${may.join(", ")}.` } as const] : []),
    ...(mayNot.length > 0
      ? [
          {
            level: may.length > 0 ? "note" : "wrong",
            text: `It may not call ${mayNot.join(", ")}, or got no usable answer.`,
            todo:
              "Give its role a grant at the tenant's root for what is the organisation's, " +
              "and on the workspace's scope " +
              "for what is a workspace's; some accounts need PRISMA_AIRS_SEND_TSG_ID=true.",
          } as const,
        ]
      : []),
  ];
}

/** The list with the shortest name of each host that accepts tokens. */
function accountProbes(records: readonly ToolRecord[]): ToolRecord[] {
  const probes = new Map<string, ToolRecord>();
  for (const record of records) {
    const isList = record.method === "GET" && record.name.startsWith("list_") && record.key === "token";
    if (!isList || record.arguments.some(({ required }) => required)) continue;
    const known = probes.get(record.base);
    if (known === undefined || record.name.length < known.name.length) probes.set(record.base, record);
  }
  return [...probes.values()];
}

async function askAs(
  record: ToolRecord,
  account: ServiceAccount,
  { portkey, timeoutMs }: KeyCheck,
): Promise<AccountVerdict> {
  const size = record.arguments.find(({ name }) => name === "page_size");
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    await portkey.send(record, size === undefined ? {} : { [size.name]: 1 }, { credentials: { account }, signal });
    return { may: true };
  } catch (error) {
    return { may: false, ...(error instanceof PortkeyMcpError && { error }) };
  }
}
