/**
 * What was produced for clients that do not read it. A connection that takes nothing for a while is closed; so are
 * those with most unread when it is too much for one client, or for the process. Calls whose events are kept can be
 * resumed afterwards.
 */
import type { FastifyInstance } from "fastify";
import type { Socket } from "node:net";
import type { Log } from "../../log/log.ts";

export interface UnreadBounds {
  /** Milliseconds that a connection may take nothing of what waits for it. */
  readonly stallMs: number;
  /** Bytes that may wait for all connections of one client, by name or by address. */
  readonly ofClient: number;
  /** Bytes that may wait in the process. */
  readonly ofAll: number;
  /** How often all connections are looked at. */
  readonly checkMs: number;
}

const BOUNDS: UnreadBounds = {
  stallMs: 30_000,
  ofClient: 64 * 1024 * 1024,
  ofAll: 256 * 1024 * 1024,
  checkMs: 200,
};

interface Connection {
  client: string;
  /** What the operating system has taken; unchanged while the peer takes nothing. */
  taken: string;
  since: number;
}

export interface UnreadAnswers {
  /** Says whose the connection is. */
  belongsTo(socket: Socket, client: string): void;
  /** Bytes that wait now. */
  unread(): number;
  /** Connections that were closed. */
  closed(): number;
}

export function boundUnreadAnswers(app: FastifyInstance, log: Log, given: Partial<UnreadBounds> = {}): UnreadAnswers {
  const bounds = { ...BOUNDS, ...given };
  const connections = new BoundedConnections(bounds, log);
  const timer = setInterval(() => {
    connections.closeStalled();
    connections.closeExcess();
  }, bounds.checkMs);
  timer.unref();
  app.server.on("connection", (socket: Socket) => connections.track(socket));
  app.server.on("secureConnection", (socket: Socket) => connections.track(socket));
  app.addHook("onClose", async () => clearInterval(timer));
  return connections;
}

class BoundedConnections implements UnreadAnswers {
  readonly #connections = new Map<Socket, Connection>();
  readonly #bounds: UnreadBounds;
  readonly #log: Log;
  #closed = 0;

  constructor(bounds: UnreadBounds, log: Log) {
    this.#bounds = bounds;
    this.#log = log;
  }

  track(socket: Socket): void {
    const client = socket.remoteAddress ?? "";
    this.#connections.set(socket, { client, taken: takenBy(socket), since: Date.now() });
    socket.once("close", () => this.#connections.delete(socket));
  }

  belongsTo(socket: Socket, client: string): void {
    const connection = this.#connections.get(socket);
    if (connection !== undefined) connection.client = client;
  }

  unread(): number {
    let sum = 0;
    for (const { writableLength } of this.#connections.keys()) sum += writableLength;
    return sum;
  }

  closed(): number {
    return this.#closed;
  }

  closeStalled(): void {
    const now = Date.now();
    for (const [socket, connection] of this.#connections) {
      const taken = takenBy(socket);
      if (socket.writableLength === 0 || taken !== connection.taken) Object.assign(connection, { taken, since: now });
      else if (now - connection.since >= this.#bounds.stallMs) this.#close(socket, "it took nothing for too long");
    }
  }

  /** Those with most unread first, until no client has too much and all together have not. */
  closeExcess(): void {
    const { ofClient, ofAll } = this.#bounds;
    const largestFirst = [...this.#connections]
      .filter(([socket]) => socket.writableLength > 0)
      .sort(([one], [other]) => other.writableLength - one.writableLength);
    const unreadOf = new Map<string, number>();
    let all = 0;
    for (const [socket, { client }] of largestFirst) {
      unreadOf.set(client, (unreadOf.get(client) ?? 0) + socket.writableLength);
      all += socket.writableLength;
    }
    for (const [socket, { client }] of largestFirst) {
      const unread = unreadOf.get(client) as number;
      if (unread <= ofClient && all <= ofAll) continue;
      unreadOf.set(client, unread - socket.writableLength);
      all -= socket.writableLength;
      this.#close(socket, "too much waits for it");
    }
  }

  #close(socket: Socket, why: string): void {
    this.#closed += 1;
    const unread = socket.writableLength;
    this.#log.write("info", "a connection was closed: its client does not read", { why, unread });
    this.#connections.delete(socket);
    socket.destroy();
  }
}

/**
 * What a peer has taken, as a text that changes when it takes more. Node's own timeouts look at the queue of the handle
 * too, which shrinks while one large piece is on its way.
 */
export function takenBy(socket: Socket): string {
  const { writeQueueSize = 0 } = (socket as { _handle?: { writeQueueSize?: number } | null })._handle ?? {};
  return `${socket.bytesWritten - socket.writableLength} ${writeQueueSize}`;
}
