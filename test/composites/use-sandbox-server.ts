/** What a file begins with that calls tools on the sandbox: a server, as it was at the start in each test. */
import { afterAll, beforeAll, beforeEach } from "vitest";
import { startSandboxServer, type SandboxServer, type ServerOptions } from "./sandbox-server.ts";

/** Of the file that runs; set by its hooks. */
export let server: SandboxServer;

/** Registers the hooks of one file, or of one group of its tests. */
export function useSandboxServer(options: ServerOptions = {}): void {
  beforeAll(async () => {
    server = await startSandboxServer(options);
  });
  beforeEach(() => {
    server.sandbox.reset();
    server.failAt(0);
    server.forget();
  });
  afterAll(() => server.close());
}
