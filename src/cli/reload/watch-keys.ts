/** Reads the Portkey keys of the settings again when their files change. */
import type { Config } from "../../config/config.ts";
import type { Caller } from "../../mcp/registry.ts";
import type { ReloaderParts } from "./reloader.ts";

export interface WatchedKeys {
  /** The caller, with the current keys. */
  heldBy(caller: Omit<Caller, "credentials">): Caller;
  close(): void;
}

/** Loads the code for watching only where there is a file to watch. */
export async function watchKeys(config: Config, parts: Omit<ReloaderParts<Config>, "apply">): Promise<WatchedKeys> {
  let { credentials } = config;
  const apply = (loaded: Config) => void ({ credentials } = config.sandbox ? config : loaded);
  const reloader = parts.notes.hasAny() ? new (await import("./reloader.ts")).Reloader({ ...parts, apply }) : undefined;
  reloader?.start();
  return {
    heldBy: (caller) => ({
      ...caller,
      get credentials() {
        return credentials;
      },
    }),
    close: () => reloader?.close(),
  };
}
