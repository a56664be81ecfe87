/** The configuration of the HTTP server and that of both transports, with the mistakes of both. */
import type { Catalogue } from "../../catalog/lookup.ts";
import type { Config } from "../../config/config.ts";
import type { HttpConfig } from "../../config/http-config.ts";
import { loadHttpConfig } from "../../config/http.ts";
import { loadConfig, refuse } from "../../config/load-config.ts";
import type { Source } from "../../config/read-settings.ts";
import { checkTls } from "../../config/tls.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";

export interface Both {
  readonly http: HttpConfig;
  readonly configured: Config;
}

/** Where the HTTP server's own settings have mistakes. */
const NO_HTTP = { policyFile: null };

/** Throws CONFIG with a line for each mistake. */
export function loadBoth(source: Source, catalogue: Catalogue, sandbox: boolean): Both {
  const mistakes: string[] = [];
  const attempt = <Loaded>(load: () => Loaded): Loaded | undefined => {
    try {
      return load();
    } catch (error) {
      if (!(error instanceof PortkeyMcpError)) throw error;
      mistakes.push(...error.message.split("\n"));
      return undefined;
    }
  };
  const http = attempt(() => loadHttpConfig(source));
  const needsKey = http === undefined || http.credentials === "server";
  const configured = attempt(() => loadConfig(source, catalogue.records, { sandbox, needsKey, http: http ?? NO_HTTP }));
  const told = attempt(() => checkTls(http?.tls ?? null)) ?? [];
  refuse(mistakes);
  const warnings = [...(http?.warnings ?? []), ...told];
  return {
    http: { ...(http as HttpConfig), ...(warnings.length > 0 && { warnings }) },
    configured: configured as Config,
  };
}
