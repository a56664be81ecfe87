/**
 * One client over stdio, in the era it opens with. A claim of 2026-07-28 in a request's `_meta` opens that era;
 * anything else the legacy one. `server/discover` alone binds to nothing: a client that found no version it speaks
 * may still send `initialize`. Each era's SDK is loaded when a client opens with it.
 */
import type { Caller, Registry } from "../mcp/registry.ts";
import { Channel } from "./channel.ts";
import type { Message } from "./parse-line.ts";
import type { Wire } from "./wire.ts";

/** Where MCP's revision 2026-07-28 puts the version a request is written in. */
const VERSION_CLAIM = "io.modelcontextprotocol/protocolVersion";

export interface ConnectionOptions {
  readonly registry: Registry;
  readonly caller: Caller;
  /** Errors nobody raised on purpose. */
  readonly onDefect: (error: unknown, where: string) => void;
}

interface Era {
  readonly channel: Channel;
  readonly close: () => Promise<void>;
}

type OpenEra = (channel: Channel, options: ConnectionOptions) => Promise<() => Promise<void>>;

/** Routes messages to the server of the era the client opened with. */
export class Connection {
  readonly #wire: Wire;
  readonly #options: ConnectionOptions;
  #discovery: Era | undefined;
  #chosen: Era | undefined;

  constructor(wire: Wire, options: ConnectionOptions) {
    this.#wire = wire;
    this.#options = options;
  }

  handle(message: Message): void {
    this.#eraFor(message).channel.deliver(message);
  }

  /** Ends what runs and what listens. */
  async close(): Promise<void> {
    await Promise.all([this.#chosen?.close(), this.#discovery?.close()]);
  }

  #eraFor(message: Message): Era {
    if (this.#chosen !== undefined) return this.#chosen;
    if (!claimsModern(message)) return (this.#chosen = this.#open(openLegacy));
    this.#discovery ??= this.#open(openModern);
    if (message.method !== "server/discover") this.#chosen = this.#discovery;
    return this.#discovery;
  }

  #open(era: OpenEra): Era {
    const channel = new Channel(this.#wire);
    const opened = era(channel, this.#options);
    opened.catch((error: unknown) => this.#options.onDefect(error, "opening the connection"));
    return { channel, close: async () => (await opened)() };
  }
}

function claimsModern({ params }: Message): boolean {
  const meta = params?.["_meta"] as Readonly<Record<string, unknown>> | undefined;
  return meta?.[VERSION_CLAIM] !== undefined;
}

const openLegacy: OpenEra = async (channel, { registry, caller, onDefect }) => {
  const { createLegacyServer } = await import("../mcp/legacy.ts");
  const server = createLegacyServer(registry, caller, { unexpected: onDefect });
  await server.connect(channel);
  return () => server.close();
};

const openModern: OpenEra = async (channel, { registry, caller, onDefect }) => {
  const { serveModernStdio } = await import("../mcp/modern.ts");
  const handle = serveModernStdio(registry, caller, { unexpected: onDefect, transport: channel });
  return () => handle.close();
};
