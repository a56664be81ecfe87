/**
 * Closes a listening socket and breaks no connection by it. When it closes, the operating system resets every
 * connection that was made and not taken yet, and its client cannot know what became of the request that it has sent.
 * So the queue of those is filled with connections of our own first: from then on Linux passes over whoever knocks, who
 * asks again and is refused, which is safe to try elsewhere. Where the queue then holds nobody else, the socket closes
 * in the same turn.
 */
import { connect, Server as NetServer, type AddressInfo, type Socket } from "node:net";
import { acceptQueueOf, tellsAcceptQueues, type AcceptQueue } from "./accept-queue.ts";
import { quietTurn } from "./quiet-turn.ts";

/** How long to try; after that it is closed as where the system says nothing of its queues: in a quiet turn. */
const CLOSING_MS = 1_000;
/** How long to wait for a quiet turn each time. */
const QUIET_MS = 20;
/** The fewer have to be filled in, the fewer come between. With a queue of 0 Linux would suspect a flood of everyone. */
const SHORT_QUEUE = 1;
/** Linux lets one more in than it was told. */
const FILL = SHORT_QUEUE + 1;
/** What Node listens with. */
const USUAL_QUEUE = 511;

/** What Node knows of a socket and shows nobody; there is no other way to its descriptor, or to the queue's length. */
interface ListeningHandle {
  readonly fd?: number;
  listen?(backlog: number): number;
}

/** An HTTP server's connections go on; its own close would break those too whose next request is on its way. */
export async function closeDoor(server: NetServer): Promise<void> {
  const until = performance.now() + CLOSING_MS;
  do await quietTurn(QUIET_MS);
  while (server.listening && !(await closedAlone(server)) && performance.now() < until);
  if (!server.listening) return;
  await quietTurn();
  close(server);
}

/** Closes it where nobody waits; nothing here may give the event loop a turn, in which it would take connections. */
async function closedAlone(server: NetServer): Promise<boolean> {
  const { _handle: handle } = server as { _handle?: ListeningHandle };
  const fd = handle?.fd ?? -1;
  if (handle?.listen === undefined || !tellsAcceptQueues(fd)) return close(server);
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

/** Connections to an address of this machine are made at once, without a turn of the event loop. */
async function fillQueue({ address: host, port }: AddressInfo): Promise<Socket[]> {
  const own = Array.from({ length: FILL }, () => connect({ host, port }).on("error", () => undefined));
  await new Promise<void>((resolve) => process.nextTick(resolve));
  return own;
}

function holdsOnly(own: readonly Socket[], queue: AcceptQueue | undefined): boolean {
  if (queue === undefined || queue.waiting !== FILL || queue.halfOpen) return false;
  return own.every(({ localPort }) => localPort !== undefined && queue.isConnected(localPort));
}
