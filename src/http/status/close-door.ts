/**
 * Closes a listening socket without breaking connections. When it closes, the operating system resets connections that
 * are established but not accepted, whose clients then do not know whether their requests were handled.
 * So the accept queue is first filled with connections of this process. Linux then drops further SYNs; those clients
 * try again and are refused, which is safe to retry elsewhere. Where the queue holds no other connections, the socket
 * closes in the same turn of the event loop.
 */
import { connect, Server as NetServer, type AddressInfo, type Socket } from "node:net";
import { acceptQueueOf, canReadAcceptQueues, type AcceptQueue } from "./accept-queue.ts";
import { quietTurn } from "./quiet-turn.ts";

/** How long to try. After that, or where queues cannot be read, the socket closes in a quiet turn. */
const CLOSING_MS = 1_000;
/** How long to wait for a quiet turn each time. */
const QUIET_MS = 20;
/** The backlog while closing. A short one is quick to fill; with 0, Linux would treat every SYN as a flood. */
const SHORT_QUEUE = 1;
/** Linux accepts one connection more than the backlog. */
const FILL = SHORT_QUEUE + 1;
/** Node's default backlog. */
const USUAL_QUEUE = 511;

/** Node's internal handle: the only access to the descriptor and to the backlog. */
interface ListeningHandle {
  readonly fd?: number;
  listen?(backlog: number): number;
}

/** Open connections stay open. http.Server's own close would also close idle ones, whose next request may be coming. */
export async function closeDoor(server: NetServer): Promise<void> {
  const until = performance.now() + CLOSING_MS;
  do await quietTurn(QUIET_MS);
  while (server.listening && !(await closeIfAlone(server)) && performance.now() < until);
  if (!server.listening) return;
  await quietTurn();
  close(server);
}

/** Closes the socket where no other connection waits. Must not yield to the event loop, which would accept some. */
async function closeIfAlone(server: NetServer): Promise<boolean> {
  const { _handle: handle } = server as { _handle?: ListeningHandle };
  const fd = handle?.fd ?? -1;
  if (handle?.listen === undefined || !canReadAcceptQueues(fd)) return close(server);
  const address = server.address() as AddressInfo;
  handle.listen(SHORT_QUEUE);
  const own = await fillQueue(address);
  const isAlone = holdsOnly(own, acceptQueueOf(fd, address.port));
  if (isAlone) close(server);
  else handle.listen(USUAL_QUEUE);
  for (const socket of own) socket.destroy();
  return isAlone;
}

function close(server: NetServer): true {
  NetServer.prototype.close.call(server);
  return true;
}

/** Connections to the same machine are established at once, without a turn of the event loop. */
async function fillQueue({ address: host, port }: AddressInfo): Promise<Socket[]> {
  const own = Array.from({ length: FILL }, () => connect({ host, port }).on("error", () => undefined));
  await new Promise<void>((resolve) => process.nextTick(resolve));
  return own;
}

function holdsOnly(own: readonly Socket[], queue: AcceptQueue | undefined): boolean {
  if (queue === undefined || queue.waiting !== FILL || queue.halfOpen) return false;
  return own.every(({ localPort }) => localPort !== undefined && queue.isConnected(localPort));
}
