/**
 * The issuer's public keys, kept fresh.
 * A key that the issuer retires is refused after `cooldownMs` at the latest. A new key is accepted with the first token
 * that it signs. While the issuer cannot be reached, its last keys count for `staleMs`.
 *
 * Not jose's own remote key set: that keeps a retired key for its whole cache time, and refuses a new one during its
 * cooldown.
 */
import { errors, type CryptoKey, type JWTHeaderParameters } from "jose";
import { createKeyLoader, type KeyLoaderOptions } from "./key-loader.ts";

export interface IssuerKeysOptions extends KeyLoaderOptions {
  /** Keys older than this are fetched again before they are used; from half of it on, in the background. */
  readonly cooldownMs?: number;
  /** How long the last keys are used while fetching newer ones fails. */
  readonly staleMs?: number;
}

/** There are no keys to verify tokens with: a fault of the issuer or the network, not the caller's. */
export class KeysUnavailable extends Error {
  override readonly name = "KeysUnavailable";
}

export interface IssuerKeys {
  /** Resolves once the keys are fresh, with a number that changes when the keys do. Throws KeysUnavailable. */
  freshen(): Promise<number>;
  /**
   * The key that a token's header names, after `freshen`. Throws jose's errors where there is none, or more than one.
   */
  find(header: JWTHeaderParameters): Promise<CryptoKey>;
}

/** After a failed fetch with no keys left, calls are refused at once for this long instead of waiting for another. */
const RETRY_MS = 5_000;

export function createIssuerKeys(options: IssuerKeysOptions): IssuerKeys {
  const { issuer, cooldownMs = 30_000, staleMs = 600_000 } = options;
  const loader = createKeyLoader(options);
  const { loaded } = loader;
  const unavailable = () =>
    new KeysUnavailable(`No keys of ${issuer} to check tokens with.`, { cause: loaded.failure });

  async function freshen(): Promise<number> {
    const age = Date.now() - loaded.at;
    if (age >= cooldownMs / 2) {
      const isStale = age >= staleMs;
      const hasJustFailed = loaded.failure !== undefined && Date.now() - loader.startedAt() < RETRY_MS;
      const refreshed = isStale && hasJustFailed ? undefined : loader.reload();
      // After a failed fetch the last keys are used at once, or every call would wait for an unreachable issuer.
      if (age >= cooldownMs && (loaded.failure === undefined || isStale)) await refreshed;
    }
    if (loaded.keys === undefined || Date.now() - loaded.at >= staleMs) throw unavailable();
    return loaded.generation;
  }

  async function find(header: JWTHeaderParameters): Promise<CryptoKey> {
    // A fetch that is already running may have read the set before the key was published; then a second one is needed.
    for (let fetches = loader.isLoading() ? 2 : 1; fetches > 0; fetches -= 1) {
      try {
        return await pick(header);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      }
      await loader.reload();
    }
    return pick(header);
  }

  async function pick(header: JWTHeaderParameters): Promise<CryptoKey> {
    if (loaded.keys === undefined) throw unavailable();
    return loaded.keys(header);
  }

  return { freshen, find };
}
