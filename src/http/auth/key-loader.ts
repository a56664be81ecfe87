/** Fetches an issuer's key set: one fetch at a time, with an interval between them, keeping the last good set. */
import { createLocalJWKSet, type JSONWebKeySet } from "jose";
import { isLoopback } from "../../config/base-url.ts";
import { discoverJwksUrl } from "./discovery.ts";
import { fetchJson } from "./fetch-json.ts";

export interface KeyLoaderOptions {
  readonly issuer: string;
  /** The address of the key set; null: the issuer's metadata names it. */
  readonly jwksUrl: string | null;
  /** The least time between the starts of two fetches, so that tokens with unknown keys cannot cause more. */
  readonly intervalMs?: number;
  /** For one attempt, discovery included. */
  readonly timeoutMs?: number;
  /** Whether the issuer or its keys may be at a private address. For loopback see `createLoopbackRule`. */
  readonly allowPrivate?: boolean;
  /** Called once for each failed fetch. */
  readonly warn?: (message: string) => void;
}

/** The key set that was fetched last; its members change in place. */
export interface LoadedKeys {
  readonly keys: ReturnType<typeof createLocalJWKSet> | undefined;
  /** Changes when the keys do. */
  readonly generation: number;
  /** When they were fetched, in milliseconds. */
  readonly at: number;
  /** Why the last fetch failed; undefined where it did not. */
  readonly failure: Error | undefined;
}

export interface KeyLoader {
  readonly loaded: LoadedKeys;
  /**
   * Fetches the keys into `loaded`. Never rejects: `loaded.failure` says what went wrong.
   * Calls share a running fetch, and wait where the last one began less than `intervalMs` ago.
   */
  reload(): Promise<void>;
  isLoading(): boolean;
  /** When the last fetch began, in milliseconds. */
  startedAt(): number;
}

export function createKeyLoader(options: KeyLoaderOptions): KeyLoader {
  const { intervalMs = 1_000 } = options;
  const { loaded, fetchKeys } = createFetch(options);
  let startedAt = -Infinity;
  let loading: Promise<void> | undefined;
  let scheduled: Promise<void> | undefined;

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
    startedAt = Date.now();
    loading = fetchKeys().finally(() => {
      loading = undefined;
    });
    return loading;
  }

  return { loaded, reload, isLoading: () => loading !== undefined, startedAt: () => startedAt };
}

function createFetch(options: KeyLoaderOptions): { loaded: LoadedKeys; fetchKeys: () => Promise<void> } {
  const { issuer, jwksUrl, timeoutMs = 5_000, allowPrivate = false, warn } = options;
  const isAllowedLoopback = createLoopbackRule(options);
  const loaded: { -readonly [Member in keyof LoadedKeys]: LoadedKeys[Member] } = {
    keys: undefined,
    generation: 0,
    at: -Infinity,
    failure: undefined,
  };
  let address = jwksUrl;
  let text = "";

  async function fetchKeys(): Promise<void> {
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      address ??= await discoverJwksUrl(issuer, signal, allowPrivate);
      const set = await fetchJson(address, signal, allowPrivate || isAllowedLoopback(address));
      const keys = createLocalJWKSet(set as JSONWebKeySet);
      const nextText = JSON.stringify(set);
      if (nextText !== text) loaded.generation += 1;
      text = nextText;
      loaded.keys = keys;
      loaded.at = Date.now();
      loaded.failure = undefined;
    } catch (error) {
      // The issuer may have moved its keys: the next attempt reads its metadata again.
      address = jwksUrl;
      loaded.failure = error as Error;
      warn?.(`The keys of ${issuer} could not be fetched: ${loaded.failure.message}`);
    }
  }
  return { loaded, fetchKeys };
}

/**
 * Whether keys may be read from a loopback address: only where the settings name a loopback address themselves, as the
 * issuer's or the keys'. So an issuer elsewhere cannot make this server send requests to its own machine.
 */
function createLoopbackRule({ issuer, jwksUrl }: KeyLoaderOptions): (address: string) => boolean {
  // An issuer need not be a URL where the address of its keys is set.
  const addresses = [issuer, jwksUrl ?? issuer];
  const isConfigured = addresses.some((url) => URL.canParse(url) && isLoopback(new URL(url).hostname));
  return (address) => isConfigured && isLoopback(new URL(address).hostname);
}
