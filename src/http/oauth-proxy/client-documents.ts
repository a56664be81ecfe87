/**
 * Clients whose id is the address of a document about them (OAuth Client ID Metadata Documents).
 * A document is fetched under the rules of src/addresses, within limits, and cached. Its `client_id` must be its own
 * address.
 */
import { isLoopback } from "../../config/base-url.ts";
import { guardedRequest } from "../../addresses/guarded-request.ts";
import { limitedText } from "../../addresses/limited-text.ts";
import { parseForeign } from "../../errors/parse-foreign.ts";
import { CLIENT_METADATA, metadataFault, displayName, usesCodes } from "./client-metadata.ts";
import { InvalidClient, type ProxyClient } from "./client.ts";

export interface ClientDocumentsOptions {
  /** Whether documents at loopback addresses count: for a server that is itself reached at one. */
  readonly onThisMachine: boolean;
  readonly timeoutMs?: number;
}

export interface ClientDocuments {
  /** Whether a client id is an address, and not one of a registered client. */
  isAddress(id: string): boolean;
  /** Throws InvalidClient where there is no document that describes a client. */
  find(id: string): Promise<ProxyClient>;
}

/** Bytes of a document. */
const SIZE_LIMIT = 16_384;
/** Characters of a client id. */
const LENGTH_LIMIT = 512;
const MAX_CACHED = 500;
const MAX_CONCURRENT_FETCHES = 20;
/** How long documents are cached: within these bounds, by default, and after a failure. */
const [MIN_CACHE_MS, MAX_CACHE_MS, DEFAULT_CACHE_MS, FAILURE_CACHE_MS] = [60_000, 86_400_000, 3_600_000, 10_000];

interface CachedClient {
  readonly client: Promise<ProxyClient>;
  /** When it has to be fetched again, in milliseconds. */
  until: number;
}

export function createClientDocuments(options: ClientDocumentsOptions): ClientDocuments {
  const { onThisMachine, timeoutMs = 5_000 } = options;
  const cache = new Map<string, CachedClient>();
  let running = 0;

  async function load(id: string, entry: { until: number }): Promise<ProxyClient> {
    if (running >= MAX_CONCURRENT_FETCHES) throw new InvalidClient("too many documents are being fetched; try again");
    running += 1;
    try {
      const { client, keepMs } = await fetchClient(id, onThisMachine, AbortSignal.timeout(timeoutMs));
      entry.until = Date.now() + keepMs;
      return client;
    } finally {
      running -= 1;
    }
  }

  return {
    isAddress: (id) => /^https?:\/\//i.test(id),
    find(id) {
      const fault = addressFault(id, onThisMachine);
      if (fault !== undefined) return Promise.reject(new InvalidClient(fault));
      const cached = cache.get(id);
      if (cached !== undefined && Date.now() < cached.until) return cached.client;
      const entry = { until: Date.now() + FAILURE_CACHE_MS };
      const client = load(id, entry);
      cache.delete(id);
      cache.set(id, Object.assign(entry, { client }));
      const [oldest] = cache.keys();
      if (cache.size > MAX_CACHED && oldest !== undefined) cache.delete(oldest);
      return client;
    },
  };
}

/** What is wrong with an id as an address. It must be in normal form, since ids are compared character by character. */
function addressFault(id: string, onThisMachine: boolean): string | undefined {
  if (id.length > LENGTH_LIMIT || !URL.canParse(id)) return "the client id is no address";
  const { href, protocol, pathname, hash, username, password, hostname } = new URL(id);
  if (href !== id) return "the client id is not written as addresses are";
  if (protocol !== "https:" && !(onThisMachine && isLoopback(hostname))) return "the client id is not an https address";
  if (hash !== "" || username !== "" || password !== "") return "the client id has a fragment or a user name";
  return pathname === "/" ? "the client id has no path" : undefined;
}

async function fetchClient(id: string, onThisMachine: boolean, signal: AbortSignal) {
  const allowPrivate = onThisMachine && isLoopback(new URL(id).hostname);
  const headers = { accept: "application/json" };
  const answer = await guardedRequest(id, { signal, headers, allowPrivate }).catch((cause: unknown) => {
    throw new InvalidClient("the client's document cannot be fetched", { cause });
  });
  if (answer.status !== 200) {
    answer.body.destroy();
    throw new InvalidClient(`the client's document was answered with ${answer.status}`);
  }
  const text = await limitedText(answer, SIZE_LIMIT).catch((cause: unknown) => {
    throw new InvalidClient(`the client's document is larger than ${SIZE_LIMIT} bytes, or broke off`, { cause });
  });
  return { client: parseClient(id, text), keepMs: cacheMs(answer.header("cache-control")) };
}

function parseClient(id: string, text: string): ProxyClient {
  const document = parseJson(text);
  if ((document as { client_id?: unknown } | null)?.client_id !== id)
    throw new InvalidClient("the client's document does not name the address it stands at as its client_id");
  const metadata = parseForeign(CLIENT_METADATA, document);
  if (!metadata.success) throw new InvalidClient(`the client's document: ${metadataFault(metadata.error).description}`);
  const { redirect_uris: redirects, token_endpoint_auth_method: method = "none" } = metadata.data;
  if (method !== "none") throw new InvalidClient("the client's document asks for a way to authenticate but none");
  if (!usesCodes(metadata.data)) throw new InvalidClient("the client's document does not use authorization codes");
  const { host } = new URL(id);
  return { id, name: displayName(metadata.data, host), redirects, host, shownAs: id };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new InvalidClient("the client's document is not JSON", { cause });
  }
}

/** How long to cache a document: as its Cache-Control says, within bounds. */
function cacheMs(cacheControl: string | undefined): number {
  const directives = (cacheControl ?? "")
    .toLowerCase()
    .split(",")
    .map((directive) => directive.trim());
  if (directives.includes("no-store") || directives.includes("no-cache")) return MIN_CACHE_MS;
  const seconds = directives.flatMap((directive) => /^max-age=(\d{1,9})$/.exec(directive)?.[1] ?? [])[0];
  if (seconds === undefined) return DEFAULT_CACHE_MS;
  return Math.min(MAX_CACHE_MS, Math.max(MIN_CACHE_MS, Number(seconds) * 1_000));
}
