/** The default command: serves the client that started this process, over stdin and stdout. */
import { loadConfig, type Start } from "../config/load-config.ts";
import type { Source } from "../config/read-settings.ts";
import { createLog } from "../log/log.ts";
import { serveStdio } from "../stdio/serve-stdio.ts";
import { loadChosenEdition } from "../config/chosen-edition.ts";
import { assembleRegistry, logDefect } from "./assemble-registry.ts";
import { openTelemetry, withRecords } from "./open-telemetry.ts";
import type { CommandLine } from "./command-line.ts";
import { openUpstream } from "./open-upstream.ts";
import { noteFiles } from "./reload/file-notes.ts";
import { watchKeys } from "./reload/watch-keys.ts";
import { onStopSignal } from "./signals/stop-signals.ts";

const PIPE = { transport: "pipe" } as const;

/** Serves until the client closes its end or a signal stops the process, then exits. */
export async function startStdio(source: Source, line: CommandLine): Promise<void> {
  const catalogue = await loadChosenEdition(source);
  const notes = noteFiles(source);
  const start: Start = { sandbox: line.switches.has("sandbox"), needsKey: true };
  const configured = loadConfig(notes.source, catalogue.records, start);
  const { config, close } = await openUpstream(configured);
  const ownLog = createLog(configured.logLevel);
  const telemetry = await openTelemetry(source.env, ownLog);
  const log = withRecords(ownLog, configured.logLevel, telemetry?.record);
  for (const warning of configured.warnings ?? []) log.write("warn", warning);
  const keys = await watchKeys(config, {
    notes,
    load: (again) => loadConfig(again, catalogue.records, start),
    log,
  });
  const observer = telemetry?.observer;
  const sessionEnded = observer?.session(PIPE);

  const server = serveStdio({
    input: process.stdin,
    output: process.stdout,
    registry: assembleRegistry({
      config,
      catalogue,
      log,
      onCall: (event) => log.write("debug", "call", { ...event }),
      ...(observer && { observer }),
    }),
    caller: keys.heldBy({ principal: "local", policy: config.policy, ...(observer && { wire: PIPE }) }),
    onDefect: (error, where) => logDefect(log, error, where),
  });
  onStopSignal(() => server.stop());
  process.on("unhandledRejection", (error) => logDefect(log, error, "unhandled rejection"));

  await server.ended;
  keys.close();
  sessionEnded?.();
  await close();
  await telemetry?.end();
  await log.flush();
  // Idle connections to Portkey would keep the process running for seconds.
  process.exit();
}
