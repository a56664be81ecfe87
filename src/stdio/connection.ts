/**
 * One client over stdio. Its first request chooses the era: the modern one where `_meta` claims revision 2026-07-28,
 * else the legacy one. `server/discover` does not choose: a client that finds no revision it supports may still send
 * `initialize`. An era's SDK is loaded with the first request that opening.ts does not answer.
 */
import { LEGACY_REVISIONS } from "../mcp/legacy/legacy-initialize.ts";
import { ANSWERED_BY_SDK, observeSync } from "../mcp/observe.ts";
import type { Caller, Registry } from "../mcp/registry.ts";
import { Channel } from "./channel.ts";
import { answerOpening } from "./opening.ts";
import type { Message } from "../mcp/message.ts";
import type { Wire } from "./wire.ts";

/** The key in `_meta` for a request's revision, since revision 2026-07-28. */
const VERSION_CLAIM = "io.modelcontextprotocol/protocolVersion";

export interface ConnectionOptions {
  readonly registry: Registry;
  readonly caller: Caller;
  /** Called for unexpected errors. */
  readonly onDefect: (error: unknown, where: string) => void;
}

type SdkOptions = ConnectionOptions & { readonly revision: string | undefined };
type OpenSdk = (channel: Channel, options: SdkOptions) => Promise<() => Promise<void>>;

/** Routes messages to the era that the client has chosen. */
export class Connection {
  readonly #legacy: Era;
  readonly #modern: Era;
  #chosen: Era | undefined;

  constructor(wire: Wire, options: ConnectionOptions) {
    this.#legacy = new Era(wire, options, openLegacy, false);
    this.#modern = new Era(wire, options, openModern, true);
  }

  handle(message: Message): void {
    const era = this.#chosen ?? (claimsModern(message) ? this.#modern : this.#legacy);
    if (message.method !== "server/discover") this.#chosen = era;
    era.handle(message);
  }

  /** Closes the servers of both eras. */
  async close(): Promise<void> {
    await Promise.all([this.#legacy.close(), this.#modern.close()]);
  }
}

/** One era of a connection: opening.ts answers the first requests, the SDK's server all others. */
class Era {
  readonly #wire: Wire;
  readonly #options: ConnectionOptions;
  readonly #openSdk: OpenSdk;
  readonly #modern: boolean;
  /** The messages that opened the legacy era, which its SDK must get once it is loaded. */
  readonly #replayed: Message[] = [];
  #channel: Channel | undefined;
  /** The negotiated revision. */
  #negotiated: string | undefined;
  #opened: Promise<() => Promise<void>> | undefined;

  constructor(wire: Wire, options: ConnectionOptions, openSdk: OpenSdk, modern: boolean) {
    this.#wire = wire;
    this.#options = options;
    this.#openSdk = openSdk;
    this.#modern = modern;
  }

  handle(message: Message): void {
    if (this.#channel === undefined && this.#handleWithoutSdk(message)) return;
    const channel = this.#open();
    this.#observe(message, channel);
    channel.deliver(message);
  }

  /** Observes a request that the SDK answers by itself. */
  #observe(message: Message, channel: Channel): void {
    const { registry, caller } = this.#options;
    const { id, method = "" } = message;
    if (registry.observer === undefined || id === undefined || !ANSWERED_BY_SDK.has(method)) return;
    const span = registry.observer.begin(requestOf(message, this.#revision(message), caller));
    channel.whenAnswered(id, (error) => span.end(error === undefined ? { result: undefined } : { failed: error }));
  }

  /** The revision of this era, or the one that an initialize negotiates, which is remembered. */
  #revision(message: Message | undefined): string | undefined {
    if (this.#modern) return "2026-07-28";
    const asked = message?.params?.["protocolVersion"];
    if (typeof asked !== "string") return this.#negotiated;
    return (this.#negotiated = LEGACY_REVISIONS.includes(asked) ? asked : LEGACY_REVISIONS[0]);
  }

  async close(): Promise<void> {
    await (
      await this.#opened
    )?.();
  }

  /** False where the message needs the SDK. */
  #handleWithoutSdk(message: Message): boolean {
    const { registry, caller } = this.#options;
    const { id, method } = message;
    if (method === "initialize" && this.#replayed.length > 0) return false;
    if (method === "notifications/initialized") this.#replayed.push(message);
    // Other notifications are about running requests, of which there are none.
    if (id === undefined) return true;
    const result = observeSync(registry, requestOf(message, this.#revision(message), caller), () =>
      answerOpening(message, this.#modern, registry, caller),
    );
    if (result === undefined) return false;
    if (method === "initialize") this.#replayed.push(message);
    void this.#wire.answer(id, result);
    return true;
  }

  #open(): Channel {
    if (this.#channel !== undefined) return this.#channel;
    const initialize = this.#replayed.find(({ method }) => method === "initialize");
    const channel = new Channel(this.#wire, initialize?.id);
    this.#opened = this.#openSdk(channel, { ...this.#options, revision: this.#revision(initialize) });
    this.#opened.catch((error: unknown) => this.#options.onDefect(error, "opening the connection"));
    for (const message of this.#replayed) channel.deliver(message);
    return (this.#channel = channel);
  }
}

function claimsModern({ params }: Message): boolean {
  const meta = params?.["_meta"] as Readonly<Record<string, unknown>> | undefined;
  return meta?.[VERSION_CLAIM] !== undefined;
}

function requestOf({ id, method = "", params }: Message, revision: string | undefined, { wire }: Caller) {
  return { method, id, meta: params?.["_meta"], revision, wire };
}

const openLegacy: OpenSdk = async (channel, { registry, caller, onDefect, revision }) => {
  const { createLegacyServer } = await import("../mcp/legacy/legacy.ts");
  const server = createLegacyServer(registry, caller, { onUnexpected: onDefect, revision });
  await server.connect(channel);
  return () => server.close();
};

const openModern: OpenSdk = async (channel, { registry, caller, onDefect }) => {
  const { serveModernStdio } = await import("../mcp/modern/modern.ts");
  const handle = serveModernStdio(registry, caller, { onUnexpected: onDefect, transport: channel });
  return () => handle.close();
};
