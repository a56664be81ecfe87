/** Reads from Linux's /proc how many connections of a listening socket wait to be accepted, and which are half open. */
import { existsSync, readFileSync, readlinkSync } from "node:fs";

export interface AcceptQueue {
  /** Established connections that have not been accepted. */
  readonly waiting: number;
  /** Whether a handshake with this port is going on: its client may send a request already. */
  readonly halfOpen: boolean;
  /** Whether a connection from this local port is established. */
  readonly isConnected: (localPort: number) => boolean;
}

const TABLES = ["/proc/self/net/tcp", "/proc/self/net/tcp6"];
/** States of include/net/tcp_states.h, in hexadecimal as in the tables. */
const ESTABLISHED = "01";
const HALF_OPEN = "03";

/** The columns of a line that are needed; ports are hexadecimal. */
interface Row {
  readonly localPort: string;
  readonly state: string;
  /** Of a listening socket: the connections that wait. */
  readonly received: number;
  readonly inode: string;
}

/** The queue of the socket with the descriptor `fd`, which listens at `port`; undefined where it cannot be read. */
export function acceptQueueOf(fd: number, port: number): AcceptQueue | undefined {
  const inode = inodeOf(fd);
  const asWritten = hexadecimal(port);
  const rows = TABLES.flatMap((table) => rowsOf(table, asWritten));
  const listener = rows.find((row) => row.inode === inode);
  if (listener === undefined) return undefined;
  return {
    waiting: listener.received,
    halfOpen: rows.some(({ state, localPort }) => state === HALF_OPEN && localPort === asWritten),
    isConnected(localPort) {
      const own = hexadecimal(localPort);
      return rows.some(({ state, ...row }) => state === ESTABLISHED && row.localPort === own);
    },
  };
}

/** Whether queues can be read here, without reading the tables, which takes a while on a busy machine. */
export function canReadAcceptQueues(fd: number): boolean {
  return inodeOf(fd) !== undefined && existsSync(TABLES[0] as string);
}

/** The inode of a socket; undefined where there is no /proc. */
function inodeOf(fd: number): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${fd}`))?.[1];
  } catch {
    return undefined;
  }
}

/** The rows with the port at either end; a busy machine has thousands of others. */
function rowsOf(table: string, port: string): Row[] {
  try {
    const lines = readFileSync(table, "latin1").split("\n");
    return lines.filter((line) => line.includes(`:${port} `)).map(parseRow);
  } catch {
    // Without IPv6 there is no second table.
    return [];
  }
}

/** `sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode …` */
function parseRow(line: string): Row {
  const [, local = "", , state = "", queues = "", , , , , inode = ""] = line.trim().split(/\s+/);
  const received = Number.parseInt(queues.split(":")[1] ?? "", 16);
  return { localPort: local.slice(local.lastIndexOf(":") + 1), state, received, inode };
}

function hexadecimal(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, "0");
}
