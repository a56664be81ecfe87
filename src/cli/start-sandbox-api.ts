/** The command `sandbox`: serves only the stand-in for Portkey's API, for programs that use HTTP. */
import { HTTP_SETTINGS } from "../config/http-settings.ts";
import { EDITIONS, readEdition } from "../config/editions.ts";
import { refuse } from "../config/load-config.ts";
import { readSettings, type Source } from "../config/read-settings.ts";
import { SETTINGS } from "../config/settings.ts";
import { toListenError } from "../http/listen-error.ts";
import { startSeeded } from "./start-seeded.ts";

/** Serves until SIGTERM or SIGINT. Prints the address, the keys and the process id on stdout. */
export async function startSandboxApi({ env, flags }: Source): Promise<void> {
  const mistakes: string[] = [];
  // PORT in the environment is for the MCP server.
  const { MCP_PORT: port } = readSettings(
    { MCP_PORT: { ...HTTP_SETTINGS.MCP_PORT, fallback: 0 } },
    { env: {}, flags },
    mistakes,
  );
  const { PORTKEY_SANDBOX_SEED: seed } = readSettings(
    { PORTKEY_SANDBOX_SEED: SETTINGS.PORTKEY_SANDBOX_SEED },
    { env, flags },
    mistakes,
  );
  const edition = readEdition(SETTINGS.PORTKEY_EDITION, { env, flags }, mistakes);
  refuse(mistakes);
  const { close, ...started } = await startSeeded(seed ?? undefined, { port, edition }).catch((error: unknown) => {
    throw toListenError(error, "--port", { host: "127.0.0.1", port });
  });
  const settings = {
    ...EDITIONS[edition].settingsFor(started),
    PORTKEY_ALLOW_PRIVATE_BASE_URL: "true",
    PORTKEY_ALLOW_INSECURE_HTTP: "true",
    // With npx, the shell only has the process id of npx.
    SANDBOX_PID: String(process.pid),
  };
  process.stdout.write(
    Object.entries(settings)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(""),
  );
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void close());
}
