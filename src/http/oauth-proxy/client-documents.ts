/**
 * Clients whose id is the address of a document about them (client id metadata documents). The document is fetched
 * under the rules for addresses, within limits, kept for a while, and speaks for the very address it stands at only.
 */
import { isLoopback } from "../../config/base-url.ts";
import { guardedRequest } from "../../addresses/guarded-request.ts";
import { limitedText } from "../../addresses/limited-text.ts";
import { parseForeign } from "../../errors/parse-foreign.ts";
import { CLIENT_METADATA, metadataFault, nameOf, usesCodes } from "./client-metadata.ts";
import { InvalidClient, type ProxyClient } from "./client.ts";

export interface ClientDocumentsOptions {
  /** Documents on this machine count too, for a server that is itself only reached from there. */
  readonly onThisMachine: boolean;
  readonly timeoutMs?: number;
}

export interface ClientDocuments {
  /** Whether an id has the form of such an address. */
  isAddress(id: string): boolean;
  /** Throws InvalidClient where there is no document that describes a client. */
  find(id: string): Promise<ProxyClient>;
}

const SIZE_LIMIT = 16_384;
const LENGTH_LIMIT = 512;
const KEPT = 500;
/** Fetches at once, whoever asks for them. */
const AT_ONCE = 20;
const [LEAST_MS, MOST_MS, USUAL_MS, FAILED_MS] = [60_000, 86_400_000, 3_600_000, 10_000];

interface Kept {
  readonly client: Promise<ProxyClient>;
  until: number;
}

export function createClientDocuments(options: ClientDocumentsOptions): ClientDocuments {
  const { onThisMachine, timeoutMs = 5_000 } = options;
  const kept = new Map<string, Kept>();
  let running = 0;

  async function load(id: string, entry: { until: number }): Promise<ProxyClient> {
    if (running >= AT_ONCE) throw new InvalidClient("too many documents are being fetched; try again");
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
      const known = kept.get(id);
      if (known !== undefined && Date.now() < known.until) return known.client;
      const entry = { until: Date.now() + FAILED_MS };
      const client = load(id, entry);
      kept.delete(id);
      kept.set(id, Object.assign(entry, { client }));
      const [oldest] = kept.keys();
      if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
      return client;
    },
  };
}

/** The id is compared to the letter wherever it stands, so that it has to be written in one way. */
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
  return { client: clientOf(id, text), keepMs: keepMs(answer.header("cache-control")) };
}

function clientOf(id: string, text: string): ProxyClient {
  const document = parsed(text);
  if ((document as { client_id?: unknown } | null)?.client_id !== id)
    throw new InvalidClient("the client's document does not name the address it stands at as its client_id");
  const metadata = parseForeign(CLIENT_METADATA, document);
  if (!metadata.success) throw new InvalidClient(`the client's document: ${metadataFault(metadata.error).description}`);
  const { redirect_uris: redirects, token_endpoint_auth_method: method = "none" } = metadata.data;
  if (method !== "none") throw new InvalidClient("the client's document asks for a way to authenticate but none");
  if (!usesCodes(metadata.data)) throw new InvalidClient("the client's document does not use authorization codes");
  const { host } = new URL(id);
  return { id, name: nameOf(metadata.data, host), redirects, host, shownAs: id };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new InvalidClient("the client's document is not JSON", { cause });
  }
}

/** As its own Cache-Control has it, within bounds. */
function keepMs(cacheControl: string | undefined): number {
  const directives = (cacheControl ?? "")
    .toLowerCase()
    .split(",")
    .map((directive) => directive.trim());
  if (directives.includes("no-store") || directives.includes("no-cache")) return LEAST_MS;
  const seconds = directives.flatMap((directive) => /^max-age=(\d{1,9})$/.exec(directive)?.[1] ?? [])[0];
  if (seconds === undefined) return USUAL_MS;
  return Math.min(MOST_MS, Math.max(LEAST_MS, Number(seconds) * 1_000));
}
