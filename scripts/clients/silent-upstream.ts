/** A stand-in for Portkey that never answers requests, and detects when the client closes the connection. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface SilentUpstream {
  /** The settings that lead a server to it. */
  readonly env: Readonly<Record<string, string>>;
  /** Resolves when the next request arrives, and when its client closes the connection. */
  next(): { readonly arrived: Promise<void>; readonly closed: Promise<void> };
  close(): Promise<void>;
}

export async function startSilentUpstream(): Promise<SilentUpstream> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    env: {
      PORTKEY_API_KEY: "pk-clients",
      PORTKEY_BASE_URL: `http://127.0.0.1:${port}/v1`,
      PORTKEY_ALLOW_PRIVATE_BASE_URL: "true",
      PORTKEY_ALLOW_INSECURE_HTTP: "true",
    },
    next() {
      let markClosed = () => {};
      const closed = new Promise<void>((resolve) => (markClosed = resolve));
      const arrived = new Promise<void>((resolve) => {
        server.once("request", (_request, response) => {
          response.once("close", markClosed);
          resolve();
        });
      });
      return { arrived, closed };
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
