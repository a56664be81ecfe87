/**
 * A real redis-server on a free port, in a directory of its own; the tests that need one are skipped where there is
 * none.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../free-port.ts";
import { isInstalled } from "../../installed.ts";
import { RestartableProcess, type EndSignal } from "../../restartable-process.ts";

export const hasRedis = isInstalled("redis-server");

export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** Ends it and starts it again with what it had written. */
  restart(signal?: EndSignal): Promise<void>;
  stop(signal?: EndSignal): Promise<void>;
  start(): Promise<void>;
  pause(): void;
  unpause(): void;
  close(): Promise<void>;
}

/** `keep`: writes every command to its append-only file before it answers, so that a restart loses nothing. */
export async function startRedis({ keep = false, options = [] as readonly string[] } = {}): Promise<RedisServer> {
  const directory = await mkdtemp(join(tmpdir(), "redis-"));
  const port = await freePort();
  const place = ["--port", String(port), "--bind", "127.0.0.1", "--dir", directory];
  const server = new RestartableProcess({
    command: "redis-server",
    args: [...place, "--save", "", "--appendonly", keep ? "yes" : "no", ...options],
    stderr: "ignore",
    isReady: (chunk) => chunk.includes("Ready to accept connections"),
  });
  const stop = (signal: EndSignal = "SIGKILL") => server.stop(signal);
  await server.start();
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    start: () => server.start(),
    stop,
    async restart(signal) {
      await stop(signal);
      await server.start();
    },
    pause: () => server.pause(),
    unpause: () => server.unpause(),
    async close() {
      await stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
