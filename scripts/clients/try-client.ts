/** One client over one transport: the five checks, each an outcome of its own. */
import { cancelCheck, SIMPLE, withTimeout } from "./checks.ts";
import { CHECKS, type Check, type ClientRow, type Connection, type Transport, type ClientWorkspace } from "./client.ts";
import { tryDocumentedCommand } from "./documented.ts";
import type { Servers, Upstream } from "./servers.ts";
import type { SilentUpstream } from "./silent-upstream.ts";

export type Outcome =
  | { readonly kind: "ok" }
  /** Why the check does not apply to this client. */
  | { readonly kind: "none"; readonly reason: string }
  | { readonly kind: "failed"; readonly reason: string };

export interface Attempt {
  readonly client: ClientRow;
  readonly transport: Transport;
  readonly outcomes: Readonly<Record<Check, Outcome>>;
  /** Of the command that the documentation gives for this client; absent where it gives none. */
  readonly documented?: Outcome;
}

export interface Surroundings {
  readonly workspace: ClientWorkspace;
  readonly servers: Servers;
  readonly silent: SilentUpstream;
}

const LIMIT_MS = 180_000;

/** Every outcome of an attempt, the documented command's included. */
export function outcomesOf({ outcomes, documented }: Attempt): Outcome[] {
  return [...Object.values(outcomes), ...(documented === undefined ? [] : [documented])];
}

export async function tryClient(client: ClientRow, transport: Transport, around: Surroundings): Promise<Attempt> {
  const absent = client.noTransport?.[transport];
  const outcomes: Partial<Record<Check, Outcome>> = {};
  for (const check of CHECKS) {
    const reason = absent ?? client.noCheck?.[check] ?? client.noCheck?.[`${check} over ${transport}`];
    outcomes[check] =
      reason === undefined
        ? await outcomeOf(() => runCheck(check, client, transport, around))
        : { kind: "none", reason };
  }
  const documented = await tryDocumented(client, transport, around);
  return { client, transport, outcomes: outcomes as Record<Check, Outcome>, ...(documented && { documented }) };
}

async function tryDocumented(
  { guide }: ClientRow,
  transport: Transport,
  { workspace }: Surroundings,
): Promise<Outcome | undefined> {
  if (guide === undefined) return undefined;
  let documented = true;
  const outcome = await outcomeOf(async () => {
    documented = await tryDocumentedCommand(guide, transport, workspace);
  });
  return documented ? outcome : undefined;
}

async function runCheck(
  check: Check,
  client: ClientRow,
  transport: Transport,
  { workspace, servers, silent }: Surroundings,
): Promise<void> {
  const upstream: Upstream = check === "cancel" ? silent.env : "sandbox";
  const connection: Connection = await client.connect(await servers.target(transport, upstream), workspace);
  try {
    await (check === "cancel" ? cancelCheck(connection, silent) : SIMPLE[check](connection));
  } finally {
    await connection.close();
  }
}

async function outcomeOf(run: () => Promise<void>): Promise<Outcome> {
  try {
    await withTimeout(LIMIT_MS, run(), `no end after ${LIMIT_MS / 1000} s`);
    return { kind: "ok" };
  } catch (error) {
    return { kind: "failed", reason: error instanceof Error ? error.message : String(error) };
  }
}
