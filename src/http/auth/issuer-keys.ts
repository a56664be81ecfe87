/**
 * The issuer's public keys, kept fresh. A key that the issuer retires is refused one cooldown later, and a new key is
 * accepted with the first token it signs. While the issuer cannot be reached its last keys are used for `staleMs`, no
 * longer.
 *
 * jose's own remote key set keeps a retired key for its whole cache time, and refuses a new one during its cooldown.
 */
import { createLocalJWKSet, errors, type CryptoKey, type JSONWebKeySet, type JWTHeaderParameters } from "jose";
import { isLoopback } from "../../config/base-url.ts";
import { discoverJwksUrl } from "./discovery.ts";
import { fetchJson } from "./fetch-json.ts";

export interface IssuerKeysOptions {
  readonly issuer: string;
  /** null: found through the issuer's metadata. */
  readonly jwksUrl: string | null;
  /** Keys older than this are fetched again before they are trusted; half of it on, in the background. */
  readonly cooldownMs?: number;
  /** Least time between two fetches, whatever the tokens name. */
  readonly intervalMs?: number;
  /** For all of one attempt, discovery included. */
  readonly timeoutMs?: number;
  /** How long the last keys serve while no newer ones can be had. */
  readonly staleMs?: number;
  /** The issuer, or its keys, may be at a private address; one that is this machine itself always may. */
  readonly allowPrivate?: boolean;
  /** Told once per failed fetch. */
  readonly warn?: (message: string) => void;
}

/** No keys to judge a token by: the issuer's fault or the network's, not the caller's. */
export class KeysUnavailable extends Error {
  override readonly name = "KeysUnavailable";
}

export interface IssuerKeys {
  /** Resolves once the keys are fresh; a number that changes when they do. Throws KeysUnavailable. */
  freshen(): Promise<number>;
  /**
   * The key that a token's header names, after `freshen`. Throws jose's errors where there is none, or more than one.
   */
  find(header: JWTHeaderParameters): Promise<CryptoKey>;
}

/**
 * Keys on this machine are read where the settings name them there, or an issuer that is there too: an issuer elsewhere
 * cannot have this server call its own machine.
 */
function mayBeLoopback({ issuer, jwksUrl }: IssuerKeysOptions): (address: string) => boolean {
  const named = [issuer, ...(jwksUrl === null ? [] : [jwksUrl])].some((url) => isLoopback(new URL(url).hostname));
  return (address) => named && isLoopback(new URL(address).hostname);
}

type LocalKeys = ReturnType<typeof createLocalJWKSet>;

/** After a failed fetch with no keys left, calls are refused at once for this long instead of waiting for another. */
const RETRY_MS = 5_000;

export function createIssuerKeys(options: IssuerKeysOptions): IssuerKeys {
  const {
    issuer,
    jwksUrl,
    cooldownMs = 30_000,
    intervalMs = 1_000,
    timeoutMs = 5_000,
    staleMs = 600_000,
    allowPrivate = false,
    warn,
  } = options;
  const namedLoopback = mayBeLoopback(options);
  let keys: LocalKeys | undefined;
  let text = "";
  let generation = 0;
  let loadedAt = -Infinity;
  let startedAt = -Infinity;
  let failure: Error | undefined;
  let address = jwksUrl;
  let loading: Promise<void> | undefined;
  let scheduled: Promise<void> | undefined;

  async function load(): Promise<void> {
    startedAt = Date.now();
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      address ??= await discoverJwksUrl(issuer, signal, allowPrivate);
      const set = await fetchJson(address, signal, allowPrivate || namedLoopback(address));
      const next = createLocalJWKSet(set as JSONWebKeySet);
      const nextText = JSON.stringify(set);
      if (nextText !== text) generation += 1;
      [keys, text, loadedAt, failure] = [next, nextText, Date.now(), undefined];
    } catch (error) {
      // The issuer may have moved its keys; its metadata is asked again.
      address = jwksUrl;
      failure = error as Error;
      warn?.(`The keys of ${issuer} could not be fetched: ${failure.message}`);
    }
  }

  /** Never rejects; callers look at `keys` and `failure`. Fetches are shared, and at least `intervalMs` apart. */
  function reload(): Promise<void> {
    if (loading !== undefined) return loading;
    const wait = startedAt + intervalMs - Date.now();
    if (wait > 0) {
      scheduled ??= new Promise<void>((resolve) => setTimeout(resolve, wait)).then(() => {
        scheduled = undefined;
        return reload();
      });
      return scheduled;
    }
    loading = load().finally(() => {
      loading = undefined;
    });
    return loading;
  }

  async function freshen(): Promise<number> {
    const age = Date.now() - loadedAt;
    if (age >= cooldownMs / 2) {
      const spent = age >= staleMs;
      const refreshed = spent && failure !== undefined && Date.now() - startedAt < RETRY_MS ? undefined : reload();
      // After a failed fetch the last keys serve at once, or every call would wait for an unreachable issuer.
      if (age >= cooldownMs && (failure === undefined || spent)) await refreshed;
    }
    if (keys === undefined || Date.now() - loadedAt >= staleMs) throw unavailable();
    return generation;
  }

  async function find(header: JWTHeaderParameters): Promise<CryptoKey> {
    // A fetch already on its way may have read the set before the key was published; the second one has not.
    for (let fetches = loading === undefined ? 1 : 2; fetches > 0; fetches -= 1) {
      try {
        return await pick(header);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      }
      await reload();
    }
    return pick(header);
  }

  async function pick(header: JWTHeaderParameters): Promise<CryptoKey> {
    if (keys === undefined) throw unavailable();
    return keys(header);
  }

  function unavailable(): KeysUnavailable {
    return new KeysUnavailable(`No keys of ${issuer} to check tokens with.`, { cause: failure });
  }

  return { freshen, find };
}
