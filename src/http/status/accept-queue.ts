/** What Linux says of a listening socket: how many connections wait to be taken, and which are still being made. */
import { existsSync, readFileSync, readlinkSync } from "node:fs";

export interface AcceptQueue {
  /** Connections that the operating system has made and nobody has taken. */
  readonly waiting: number;
  /** Whether a connection to this port is being made: its client has been answered, and may send. */
  readonly halfOpen: boolean;
  /** Whether the socket of this machine that has this port is connected to it. */
  readonly isConnected: (localPort: number) => boolean;
}

const TABLES = ["/proc/self/net/tcp", "/proc/self/net/tcp6"];
/** The states of include/net/tcp_states.h, as the tables write them. */
const ESTABLISHED = "01";
const HALF_OPEN = "03";

/** One line of a table, as far as it is asked about; ports are hexadecimal. */
interface Row {
  readonly localPort: string;
  readonly state: string;
  /** For a listening socket: the connections that wait. */
  readonly received: number;
  readonly inode: string;
}

/** Of the socket with the descriptor `fd`, which listens at `port`; undefined where the system does not say. */
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

/** Whether the system says anything: to read its tables takes a while on a busy machine. */
export function tellsAcceptQueues(fd: number): boolean {
  return inodeOf(fd) !== undefined && existsSync(TABLES[0] as string);
}

/** The number of a socket; undefined where there is no /proc. */
function inodeOf(fd: number): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${fd}`))?.[1];
  } catch {
    return undefined;
  }
}

/** Those with the port at either end; a busy machine has thousands of others. */
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
