/**
 * A TCP balancer that is not kind: each connection goes to the next instance, some are slow, and some go silent in the
 * middle without ever being closed, as when a cable is pulled.
 */
import { connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { listen } from "../listen.ts";

export interface Faults {
  /** Of all connections, how many are slow: each piece of an answer waits for up to `delayMs`. */
  readonly slow: number;
  readonly delayMs: number;
  /** Of all connections, how many go silent after some bytes of the answer. */
  readonly halfOpen: number;
}

export interface Balancer {
  readonly url: string;
  readonly figures: { connections: number; slow: number; halfOpen: number; refused: number };
  close(): Promise<void>;
}

/** Balances over servers at these ports of loopback; `random` decides which connection meets which fault. */
export async function startBalancer(ports: readonly number[], faults: Faults, random: () => number): Promise<Balancer> {
  const figures = { connections: 0, slow: 0, halfOpen: 0, refused: 0 };
  const sockets = new Set<Socket>();
  let next = 0;

  function serve(client: Socket): void {
    figures.connections += 1;
    track(client);
    attach(client, ports.length);
  }

  /** A dead instance is passed over, as a balancer with health checks does. */
  function attach(client: Socket, tries: number): void {
    const server = connect(ports[(next += 1) % ports.length] as number, "127.0.0.1");
    track(server);
    server.once("error", () => {
      if (!server.connecting && server.bytesRead + server.bytesWritten > 0) return void client.destroy();
      if (tries > 1) return attach(client, tries - 1);
      figures.refused += 1;
      client.destroy();
    });
    server.once("connect", () => join(client, server));
  }

  function join(client: Socket, server: Socket): void {
    const slow = random() < faults.slow;
    const silentAfter = random() < faults.halfOpen ? Math.floor(random() * 4_000) : Infinity;
    if (slow) figures.slow += 1;
    let seen = 0;
    let tail = Promise.resolve();
    client.pipe(server);
    server.on("data", (piece: Buffer) => {
      const before = seen;
      seen += piece.length;
      if (seen > silentAfter) {
        if (before <= silentAfter) figures.halfOpen += 1;
        return;
      }
      if (!slow) return void client.write(piece);
      const wait = random() * faults.delayMs;
      tail = tail.then(() => delay(wait)).then(() => void (client.destroyed || client.write(piece)));
    });
    // A silent connection stays silent: not even its end comes through.
    server.once("close", () => {
      if (seen <= silentAfter) void tail.then(() => client.destroy());
    });
    client.once("close", () => server.destroy());
  }

  function track(socket: Socket): void {
    sockets.add(socket);
    socket.setNoDelay();
    socket.on("error", () => undefined);
    socket.once("close", () => sockets.delete(socket));
  }

  const server: Server = createServer(serve);
  const { origin } = await listen(server);
  return {
    url: `${origin}/mcp`,
    figures,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
