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

/** What the connections of one balancer share. */
interface Shared {
  readonly ports: readonly number[];
  readonly faults: Faults;
  readonly random: () => number;
  readonly figures: Balancer["figures"];
  readonly sockets: Set<Socket>;
  next: number;
}

/** Balances over servers at these ports of loopback; `random` decides which connection meets which fault. */
export async function startBalancer(ports: readonly number[], faults: Faults, random: () => number): Promise<Balancer> {
  const figures = { connections: 0, slow: 0, halfOpen: 0, refused: 0 };
  const sockets = new Set<Socket>();
  const shared: Shared = { ports, faults, random, figures, sockets, next: 0 };
  const server = createServer((client) => {
    figures.connections += 1;
    track(sockets, client);
    attach(shared, client, ports.length);
  });
  const { origin } = await listen(server);
  return { url: `${origin}/mcp`, figures, close: () => closeAll(server, sockets) };
}

/** A dead instance is passed over, as a balancer with health checks does. */
function attach(shared: Shared, client: Socket, tries: number): void {
  const server = connect(shared.ports[(shared.next += 1) % shared.ports.length] as number, "127.0.0.1");
  track(shared.sockets, server);
  server.once("error", () => {
    if (!server.connecting && server.bytesRead + server.bytesWritten > 0) return void client.destroy();
    if (tries > 1) return attach(shared, client, tries - 1);
    shared.figures.refused += 1;
    client.destroy();
  });
  server.once("connect", () => join(shared, client, server));
}

function join({ faults, figures, random }: Shared, client: Socket, server: Socket): void {
  const slow = random() < faults.slow;
  const silentAfter = random() < faults.halfOpen ? Math.floor(random() * 4_000) : Infinity;
  if (slow) figures.slow += 1;
  const writer = slow ? slowWriter(client, () => random() * faults.delayMs) : plainWriter(client);
  let seen = 0;
  client.pipe(server);
  server.on("data", (piece: Buffer) => {
    const before = seen;
    seen += piece.length;
    if (seen <= silentAfter) return writer.write(piece);
    if (before <= silentAfter) figures.halfOpen += 1;
  });
  // A silent connection stays silent: not even its end comes through.
  server.once("close", () => {
    if (seen <= silentAfter) void writer.written().then(() => client.destroy());
  });
  client.once("close", () => server.destroy());
}

/** How the pieces of an answer reach a client. */
interface Writer {
  write(piece: Buffer): void;
  /** Resolves once all pieces so far have been written. */
  written(): Promise<void>;
}

function plainWriter(client: Socket): Writer {
  return { write: (piece) => void client.write(piece), written: () => Promise.resolve() };
}

/** Writes one piece after another, each after a wait of its own. */
function slowWriter(client: Socket, drawWait: () => number): Writer {
  let tail = Promise.resolve();
  return {
    write(piece) {
      const wait = drawWait();
      tail = tail.then(() => delay(wait)).then(() => void (client.destroyed || client.write(piece)));
    },
    written: () => tail,
  };
}

function track(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket);
  socket.setNoDelay();
  socket.on("error", () => undefined);
  socket.once("close", () => sockets.delete(socket));
}

async function closeAll(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  for (const socket of sockets) socket.destroy();
  await closed;
}
