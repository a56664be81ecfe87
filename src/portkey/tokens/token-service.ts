/**
 * Caches the tokens of service accounts by account and tenant: fetched when first needed, renewed before they expire
 * and when one is refused. Concurrent calls of one account share a single request to the token endpoint.
 */
import { createHash } from "node:crypto";
import { silentLog, type Log } from "../../log/log.ts";
import type { ServiceAccount } from "../port.ts";
import { raceAbort } from "../race-abort.ts";
import type { Clock } from "../transport/retry.ts";
import { SYSTEM_CLOCK } from "../transport/retry.ts";

export interface Token {
  readonly value: string;
  /** Its lifetime in milliseconds, from the time of the request. */
  readonly livesMs: number;
}

export interface TokenServiceOptions {
  /** Requests a token; throws a PortkeyMcpError. */
  readonly fetchToken: (account: ServiceAccount) => Promise<Token>;
  readonly log?: Log;
  readonly clock?: Pick<Clock, "now">;
}

export interface TokenService {
  /** A valid token. Rejects as `fetchToken` does, or with the signal's reason. */
  currentToken(account: ServiceAccount, signal: AbortSignal): Promise<string>;
  /** A token other than `refused`. */
  renewToken(account: ServiceAccount, refused: string, signal: AbortSignal): Promise<string>;
}

/** A token is renewed in the background this long before it expires; at most a fifth of its lifetime. */
const RENEW_BEFORE_MS = 60_000;
/** A token is not sent any more this long before it expires; at most a twentieth of its lifetime. */
const SPENT_BEFORE_MS = 5_000;
/** The pause between failed renewals of a token that is still valid. */
const TRY_AGAIN_MS = 5_000;
const MOST_ACCOUNTS = 1_000;

interface Kept {
  value: string;
  renewAt: number;
  spentAt: number;
}

interface Entry {
  kept?: Kept | undefined;
  pending?: Promise<string> | undefined;
}

export function createTokenService(options: TokenServiceOptions): TokenService {
  const tokens = new Tokens(options);
  return {
    currentToken: (account, signal) => tokens.currentToken(account, signal),
    renewToken: (account, refused, signal) => tokens.renewToken(account, refused, signal),
  };
}

class Tokens implements TokenService {
  readonly #entries = new Map<string, Entry>();
  readonly #fetchToken: TokenServiceOptions["fetchToken"];
  readonly #log: Log;
  readonly #now: () => number;

  constructor({ fetchToken, log = silentLog, clock = SYSTEM_CLOCK }: TokenServiceOptions) {
    this.#fetchToken = fetchToken;
    this.#log = log;
    this.#now = () => clock.now();
  }

  async currentToken(account: ServiceAccount, signal: AbortSignal): Promise<string> {
    const entry = this.#entryOf(account);
    const { kept } = entry;
    if (kept === undefined || this.#now() >= kept.spentAt) return raceAbort(this.#fetchOnce(entry, account), signal);
    if (this.#now() >= kept.renewAt && entry.pending === undefined) this.#renewBehind(entry, kept, account);
    return kept.value;
  }

  async renewToken(account: ServiceAccount, refused: string, signal: AbortSignal): Promise<string> {
    const entry = this.#entryOf(account);
    const { kept } = entry;
    // Another call was refused with the same token before, and has renewed it.
    if (kept !== undefined && kept.value !== refused && this.#now() < kept.spentAt) return kept.value;
    return raceAbort(this.#fetchOnce(entry, account), signal);
  }

  /** The account's entry; removes the least recently used one where there are too many. */
  #entryOf(account: ServiceAccount): Entry {
    const name = nameOf(account);
    const entry = this.#entries.get(name) ?? {};
    this.#entries.delete(name);
    this.#entries.set(name, entry);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MOST_ACCOUNTS && oldest !== undefined) this.#entries.delete(oldest);
    return entry;
  }

  #fetchOnce(entry: Entry, account: ServiceAccount): Promise<string> {
    entry.pending ??= this.#fetchFor(entry, account).finally(() => (entry.pending = undefined));
    return entry.pending;
  }

  async #fetchFor(entry: Entry, account: ServiceAccount): Promise<string> {
    const requestedAt = this.#now();
    const { value, livesMs } = await this.#fetchToken(account);
    const end = requestedAt + livesMs;
    entry.kept = {
      value,
      renewAt: end - Math.min(RENEW_BEFORE_MS, livesMs / 5),
      spentAt: end - Math.min(SPENT_BEFORE_MS, livesMs / 20),
    };
    this.#log.write("debug", "fetched a token", { tenant: account.tenant, seconds: Math.round(livesMs / 1000) });
    return value;
  }

  #renewBehind(entry: Entry, kept: Kept, account: ServiceAccount): void {
    this.#fetchOnce(entry, account).catch((error: unknown) => {
      kept.renewAt = this.#now() + TRY_AGAIN_MS;
      const reason = error instanceof Error ? error.message : String(error);
      this.#log.write("warn", "a token could not be renewed yet", { tenant: account.tenant, reason });
    });
  }
}

/** A hash that identifies the account and tenant, so that no secret is stored as a key. */
function nameOf({ clientId, clientSecret, tenant }: ServiceAccount): string {
  return createHash("sha256")
    .update(JSON.stringify([clientId, clientSecret, tenant]))
    .digest("base64url");
}
