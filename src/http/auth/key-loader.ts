/** Fetches an issuer's set of keys: one fetch at a time, not too often, and the last good set kept. */
import { createLocalJWKSet, type JSONWebKeySet } from "jose";
import { isLoopback } from "../../config/base-url.ts";
import { discoverJwksUrl } from "./discovery.ts";
import { fetchJson } from "./fetch-json.ts";

export interface KeyLoaderOptions {
  readonly issuer: string;
  /** null: found through the issuer's metadata. */
  readonly jwksUrl: string | null;
  /** Least time between two fetches, whatever the tokens name. */
  readonly intervalMs?: number;
  /** For all of one attempt, discovery included. */
  readonly timeoutMs?: number;
  /** The issuer, or its keys, may be at a private address; one that is this machine itself always may. */
  readonly allowPrivate?: boolean;
  /** Told once per failed fetch. */
  readonly warn?: (message: string) => void;
}

/** What has been fetched; its members change in place. */
export interface LoadedKeys {
  readonly keys: ReturnType<typeof createLocalJWKSet> | undefined;
  /** Changes when the keys do. */
  readonly generation: number;
  /** When they were fetched, in milliseconds. */
  readonly at: number;
  /** Of the last fetch. */
  readonly failure: Error | undefined;
}

export interface KeyLoader {
  readonly loaded: LoadedKeys;
  /** Never rejects; callers look at `loaded`. Fetches are shared, and at least `intervalMs` apart. */
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
  const namedLoopback = mayBeLoopback(options);
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
      const set = await fetchJson(address, signal, allowPrivate || namedLoopback(address));
      const keys = createLocalJWKSet(set as JSONWebKeySet);
      const nextText = JSON.stringify(set);
      if (nextText !== text) loaded.generation += 1;
      text = nextText;
      loaded.keys = keys;
      loaded.at = Date.now();
      loaded.failure = undefined;
    } catch (error) {
      // The issuer may have moved its keys; its metadata is asked again.
      address = jwksUrl;
      loaded.failure = error as Error;
      warn?.(`The keys of ${issuer} could not be fetched: ${loaded.failure.message}`);
    }
  }
  return { loaded, fetchKeys };
}

/**
 * Keys on this machine are read where the settings name them there, or an issuer that is there too: an issuer elsewhere
 * cannot have this server call its own machine.
 */
function mayBeLoopback({ issuer, jwksUrl }: KeyLoaderOptions): (address: string) => boolean {
  // An issuer may be a mere name, with its keys at an address of their own.
  const named = [issuer, jwksUrl ?? issuer].some((url) => URL.canParse(url) && isLoopback(new URL(url).hostname));
  return (address) => named && isLoopback(new URL(address).hostname);
}
