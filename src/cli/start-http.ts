/** The command `http`: serves many clients over HTTP. Code that only HTTP needs is loaded from here. */
import type { Source } from "../config/read-settings.ts";
import { startHttp } from "../http/start.ts";
import { logDefect } from "./assemble-registry.ts";
import type { CommandLine } from "./command-line.ts";
import { loadHttpParts } from "./http-parts.ts";
import { Reloader } from "./reload/reloader.ts";
import { createHangup } from "./signals/terminal.ts";
import { listenForStop } from "./signals/stop-signals.ts";

/** Serves until SIGTERM or SIGINT, then drains and exits. */
export async function startHttpServer(source: Source, line: CommandLine): Promise<void> {
  const signals = listenForStop();
  const { parts, notes, load, close } = await loadHttpParts(source, line.switches.has("sandbox"));
  const { http, log } = parts;
  const reloader = new Reloader({ notes, load, apply: (renewal) => server.renew(renewal), log });
  const served = { ...parts, reloads: () => reloader.reloads(), graceMs: http.shutdownGraceMs };
  const server = await startHttp(served);
  reloader.start();

  const stop = async () => {
    reloader.close();
    try {
      await server.stop();
      await close();
    } catch (error) {
      logDefect(log, error, "stopping");
    }
    await log.flush();
    process.exit();
  };
  signals.serve({ stop, hurry: () => server.hurry() });
  const meaning = createHangup(http.onHangup);
  process.on("SIGHUP", () => {
    if (meaning() === "end") return signals.stop();
    server.reopenAudit();
    reloader.reloadNow();
  });
  process.on("unhandledRejection", (error) => logDefect(log, error, "unhandled rejection"));
}
