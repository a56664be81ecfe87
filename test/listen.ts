/** Servers of a test's own, at any free port of this machine. */
import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";

export interface Listening {
  readonly port: number;
  /** `http://` with address and port. */
  readonly origin: string;
}

/** Starts a server; `host` is an address of loopback. */
export async function listen(server: Server, host = "127.0.0.1"): Promise<Listening> {
  await once(server.listen(0, host), "listening");
  const { port } = server.address() as AddressInfo;
  return { port, origin: `http://${host}:${port}` };
}

/** A port at which nobody listens: whoever had it has gone. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  const { port } = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
