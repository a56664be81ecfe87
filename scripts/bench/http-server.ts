/** A package's HTTP server, started as its users start it, on a free port of loopback. */
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Child } from "./child.ts";
import type { BenchWorkspace } from "./workspace.ts";

export interface HttpServer {
  readonly child: Child;
  /** Of the MCP endpoint. */
  readonly url: string;
}

export interface HttpServerOptions {
  /** The installed package. */
  readonly folder: string;
  /** Base URL of the stand-in for Portkey. */
  readonly upstream: string;
  readonly mode: "stateless" | "stateful";
  readonly env?: Readonly<Record<string, string>>;
}

/** Both packages know these settings by the same names. */
const COMMON = {
  PORTKEY_API_KEY: "bench",
  PORTKEY_ALLOW_PRIVATE_BASE_URL: "true",
  PORTKEY_ALLOW_INSECURE_HTTP: "true",
  MCP_HOST: "127.0.0.1",
  MCP_AUTH_MODE: "none",
  MCP_ALLOW_UNAUTHENTICATED_HTTP: "true",
  RATE_LIMIT_ENABLED: "false",
};

export function upstreamSettings(upstream: string): Record<string, string> {
  const { PORTKEY_API_KEY, PORTKEY_ALLOW_PRIVATE_BASE_URL, PORTKEY_ALLOW_INSECURE_HTTP } = COMMON;
  return { PORTKEY_API_KEY, PORTKEY_ALLOW_PRIVATE_BASE_URL, PORTKEY_ALLOW_INSECURE_HTTP, PORTKEY_BASE_URL: upstream };
}

/** Resolves when it answers /health; throws with its complaints where it does not within 30 seconds. */
export async function startHttpServer(
  workspace: BenchWorkspace,
  { folder, upstream, mode, env }: HttpServerOptions,
): Promise<HttpServer> {
  const port = await freePort();
  const child = workspace.start({
    args: [join(folder, "build/server.js")],
    env: { ...COMMON, PORTKEY_BASE_URL: upstream, MCP_PORT: String(port), MCP_SESSION_MODE: mode, ...env },
    probed: true,
  });
  // The output is not used, but a full pipe would block the server.
  child.process.stdout.resume();
  const origin = `http://127.0.0.1:${port}`;
  for (let attempt = 0; attempt < 300; attempt++) {
    const healthy = await fetch(`${origin}/health`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (healthy) return { child, url: `${origin}/mcp` };
    if (child.process.exitCode !== null) break;
    await wait(100);
  }
  await child.stop();
  throw new Error(`${folder} does not serve HTTP. ${child.complaints()}`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
