/** Loads the HTTP server's configuration and the common one, and collects the mistakes of both. */
import type { Catalogue } from "../../catalog/lookup.ts";
import type { Config } from "../../config/config.ts";
import type { HttpConfig } from "../../config/http-config.ts";
import { loadHttpConfig } from "../../config/http.ts";
import { loadConfig } from "../../config/load-config.ts";
import type { Source } from "../../config/read-settings.ts";
import { checkTls } from "../../config/tls.ts";
import { collectMistakes, type Mistakes } from "../../errors/collect-mistakes.ts";

export interface Both {
  readonly http: HttpConfig;
  readonly configured: Config;
}

/** Where the HTTP server's own settings have mistakes. */
const NO_HTTP = { policyFile: null };

/** Throws CONFIG with a line for each mistake. */
export function loadBoth(source: Source, catalogue: Pick<Catalogue, "records">, sandbox: boolean): Both {
  const { http, configured, mistakes } = readBoth(source, catalogue, sandbox);
  mistakes.refuse();
  return { http: http as HttpConfig, configured: configured as Config };
}

export interface ReadBoth extends Partial<Both> {
  readonly mistakes: Mistakes;
}

/** Reads as much as possible: a configuration with mistakes is absent. */
export function readBoth(source: Source, { records }: Pick<Catalogue, "records">, sandbox: boolean): ReadBoth {
  const mistakes = collectMistakes();
  const http = mistakes.attempt(() => loadHttpConfig(source));
  const needsKey = http === undefined || http.credentials === "server";
  const start = { sandbox, needsKey, http: http ?? NO_HTTP };
  const configured = mistakes.attempt(() => loadConfig(source, records, start));
  const tlsWarnings = mistakes.attempt(() => checkTls(http?.tls ?? null)) ?? [];
  const warnings = [...(http?.warnings ?? []), ...tlsWarnings];
  return {
    ...(http && { http: { ...http, ...(warnings.length > 0 && { warnings }) } }),
    ...(configured && { configured }),
    mistakes,
  };
}
