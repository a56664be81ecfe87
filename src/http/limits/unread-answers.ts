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
  const connections = new Map<Socket, Connection>();
  let closed = 0;

  function close(socket: Socket, why: string): void {
    closed += 1;
    log.write("info", "a connection was closed: its client does not read", { why, unread: socket.writableLength });
    connections.delete(socket);
    socket.destroy();
  }

  function closeStalled(): void {
    const now = Date.now();
    for (const [socket, connection] of connections) {
      const taken = takenBy(socket);
      if (socket.writableLength === 0 || taken !== connection.taken) Object.assign(connection, { taken, since: now });
      else if (now - connection.since >= bounds.stallMs) close(socket, "it took nothing for too long");
    }
  }

  function closeExcess(): void {
    const ofClients = new Map<string, number>();
    let all = 0;
    const largestFirst = [...connections]
      .filter(([socket]) => socket.writableLength > 0)
      .sort(([one], [other]) => other.writableLength - one.writableLength);
    for (const [socket, { client }] of largestFirst) {
      ofClients.set(client, (ofClients.get(client) ?? 0) + socket.writableLength);
      all += socket.writableLength;
    }
    for (const [socket, { client }] of largestFirst) {
      const ofClient = ofClients.get(client) as number;
      if (ofClient <= bounds.ofClient && all <= bounds.ofAll) continue;
      ofClients.set(client, ofClient - socket.writableLength);
      all -= socket.writableLength;
      close(socket, "too much waits for it");
    }
  }

  const timer = setInterval(() => {
    closeStalled();
    closeExcess();
  }, bounds.checkMs);
  timer.unref();
  app.server.on("connection", (socket: Socket) => track(socket));
  app.server.on("secureConnection", (socket: Socket) => track(socket));
  app.addHook("onClose", async () => clearInterval(timer));

  function track(socket: Socket): void {
    const client = socket.remoteAddress ?? "";
    connections.set(socket, { client, taken: takenBy(socket), since: Date.now() });
    socket.once("close", () => connections.delete(socket));
  }

  return {
    belongsTo(socket, client) {
      const connection = connections.get(socket);
      if (connection !== undefined) connection.client = client;
    },
    unread: () => [...connections.keys()].reduce((sum, { writableLength }) => sum + writableLength, 0),
    closed: () => closed,
  };
}

/**
 * What a peer has taken, as a text that changes when it takes more. Node's own timeouts look at the queue of the handle
 * too, which shrinks while one large piece is on its way.
 */
export function takenBy(socket: Socket): string {
  const { writeQueueSize = 0 } = (socket as { _handle?: { writeQueueSize?: number } | null })._handle ?? {};
  return `${socket.bytesWritten - socket.writableLength} ${writeQueueSize}`;
}
