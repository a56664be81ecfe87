/**
 * One client over stdio, in the era it opens with. A claim of 2026-07-28 in a request's `_meta` opens that era;
 * anything else the legacy one. `server/discover` alone binds to nothing: a client that found no version it speaks
 * may still send `initialize`. Each era's SDK is loaded when a client asks for more than the opening does.
 */
import { LEGACY_REVISIONS } from "../mcp/legacy/legacy-initialize.ts";
import { ANSWERED_BY_SDK, observeSync } from "../mcp/observe.ts";
import type { Caller, Registry } from "../mcp/registry.ts";
import { Channel } from "./channel.ts";
import { answerOpening } from "./opening.ts";
import type { Message } from "../mcp/message.ts";
import type { Wire } from "./wire.ts";

/** Where MCP's revision 2026-07-28 puts the version a request is written in. */
const VERSION_CLAIM = "io.modelcontextprotocol/protocolVersion";

export interface ConnectionOptions {
  readonly registry: Registry;
  readonly caller: Caller;
  /** Unexpected errors: defects. */
  readonly onDefect: (error: unknown, where: string) => void;
}

type SdkOptions = ConnectionOptions & { readonly revision: string | undefined };
type OpenSdk = (channel: Channel, options: SdkOptions) => Promise<() => Promise<void>>;

/** Routes messages to the era the client opened with. */
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

  /** Ends what runs and what listens. */
  async close(): Promise<void> {
    await Promise.all([this.#legacy.close(), this.#modern.close()]);
  }
}

/** One era's side of a connection: the opening answered at once, everything else by the SDK's server. */
class Era {
  readonly #wire: Wire;
  readonly #options: ConnectionOptions;
  readonly #openSdk: OpenSdk;
  readonly #modern: boolean;
  /** The opening of the legacy era, which its SDK has to be told when it comes. */
  readonly #told: Message[] = [];
  #channel: Channel | undefined;
  #agreed: string | undefined;
  #opened: Promise<() => Promise<void>> | undefined;

  constructor(wire: Wire, options: ConnectionOptions, openSdk: OpenSdk, modern: boolean) {
    this.#wire = wire;
    this.#options = options;
    this.#openSdk = openSdk;
    this.#modern = modern;
  }

  handle(message: Message): void {
    if (this.#channel === undefined && this.#answered(message)) return;
    const channel = this.#open();
    this.#watch(message, channel);
    channel.deliver(message);
  }

  /** Tells of a request that the SDK answers by itself. */
  #watch(message: Message, channel: Channel): void {
    const { registry, caller } = this.#options;
    const { id, method = "" } = message;
    if (registry.observer === undefined || id === undefined || !ANSWERED_BY_SDK.has(method)) return;
    const span = registry.observer.begin(requestOf(message, this.#revision(message), caller));
    channel.whenAnswered(id, (error) => span.end(error === undefined ? { result: undefined } : { failed: error }));
  }

  /** The revision that an initialize agrees on, or that this era has. */
  #revision(message: Message | undefined): string | undefined {
    if (this.#modern) return "2026-07-28";
    const asked = message?.params?.["protocolVersion"];
    if (typeof asked !== "string") return this.#agreed;
    return (this.#agreed = LEGACY_REVISIONS.includes(asked) ? asked : LEGACY_REVISIONS[0]);
  }

  async close(): Promise<void> {
    await (
      await this.#opened
    )?.();
  }

  /** Whether the message needed no SDK. */
  #answered(message: Message): boolean {
    const { registry, caller } = this.#options;
    const { id, method } = message;
    if (method === "initialize" && this.#told.length > 0) return false;
    if (method === "notifications/initialized") this.#told.push(message);
    // Other notifications are about requests that run, and none does.
    if (id === undefined) return true;
    const result = observeSync(registry, requestOf(message, this.#revision(message), caller), () =>
      answerOpening(message, this.#modern, registry, caller),
    );
    if (result === undefined) return false;
    if (method === "initialize") this.#told.push(message);
    void this.#wire.answer(id, result);
    return true;
  }

  #open(): Channel {
    if (this.#channel !== undefined) return this.#channel;
    const initialize = this.#told.find(({ method }) => method === "initialize");
    const channel = new Channel(this.#wire, initialize?.id);
    this.#opened = this.#openSdk(channel, { ...this.#options, revision: this.#revision(initialize) });
    this.#opened.catch((error: unknown) => this.#options.onDefect(error, "opening the connection"));
    for (const message of this.#told) channel.deliver(message);
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
