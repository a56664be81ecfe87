/**
 * Limits the memory for responses that clients do not read. It closes a connection that reads nothing for a while, and
 * those with most unread data where a client, or the whole process, has too much. Calls whose events are kept can be
 * resumed afterwards.
 */
import type { FastifyInstance } from "fastify";
import type { Socket } from "node:net";
import type { Log } from "../../log/log.ts";

export interface UnreadBounds {
  /** Milliseconds for which a connection with unread data may read nothing. */
  readonly stallMs: number;
  /** Unread bytes of all connections of one client, by principal or by address. */
  readonly ofClient: number;
  /** Unread bytes in the process. */
  readonly ofAll: number;
  /** Milliseconds between two checks of all connections. */
  readonly checkMs: number;
}

const BOUNDS: UnreadBounds = {
  stallMs: 30_000,
  ofClient: 64 * 1024 * 1024,
  ofAll: 256 * 1024 * 1024,
  checkMs: 200,
};

interface Connection {
  /** The principal, or before authentication the address. */
  client: string;
  /** The result of `takenBy` at the last change. */
  taken: string;
  since: number;
}

export interface UnreadAnswers {
  /** Notes which client uses the connection. */
  setClient(socket: Socket, client: string): void;
  /** Unread bytes now. */
  unread(): number;
  /** How many connections were closed. */
  closed(): number;
}

export function limitUnreadAnswers(app: FastifyInstance, log: Log, changes: Partial<UnreadBounds> = {}): UnreadAnswers {
  const bounds = { ...BOUNDS, ...changes };
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

  setClient(socket: Socket, client: string): void {
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

  /** Closes the connections with most unread data first, until each client and the process are within the limits. */
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
 * How much a peer has read, as a text that changes when it reads more. It includes the handle's write queue, as Node's
 * own timeouts do, since that shrinks while one large piece is being sent.
 */
export function takenBy(socket: Socket): string {
  const { writeQueueSize = 0 } = (socket as { _handle?: { writeQueueSize?: number } | null })._handle ?? {};
  return `${socket.bytesWritten - socket.writableLength} ${writeQueueSize}`;
}
