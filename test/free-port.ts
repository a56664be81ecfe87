/** Ports for what must know its own before it starts. */
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/** Below the ports that systems give to outgoing connections and to whoever asks for any: nobody gets one by chance. */
const [FIRST, AFTER_LAST] = [15_000, 32_000];

/** A port of loopback that nobody listens at, for what must know its port before it starts. */
export async function freePort(): Promise<number> {
  const port = randomInt(FIRST, AFTER_LAST);
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return freePort();
  }
  server.close();
  await once(server, "close");
  return port;
}
