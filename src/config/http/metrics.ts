/** The configuration of /metrics from the settings: who may read it, and where it is served. */
import { isLoopback } from "../base-url.ts";
import type { AuthConfig, HttpConfig, MetricsConfig } from "../http-config.ts";
import { tokenProblem } from "../http-auth.ts";
import type { HTTP_SETTINGS } from "../http-settings.ts";
import type { Values } from "../setting.ts";

type HttpValues = Values<typeof HTTP_SETTINGS>;

/** Undefined: /metrics is beside /mcp, with the same authentication. Adds to `mistakes` and `warnings`. */
export function metricsConfig(
  values: HttpValues,
  auth: AuthConfig,
  mistakes: string[],
  warnings: string[],
): MetricsConfig | undefined {
  const { MCP_METRICS_TOKEN: token, MCP_METRICS_PORT: port, MCP_METRICS_HOST: ownHost } = values;
  const host = ownHost ?? values.MCP_HOST;
  if (ownHost !== null && port === null) mistakes.push("MCP_METRICS_HOST is set without MCP_METRICS_PORT. Set both.");
  if (port !== null && port !== 0 && port === values.MCP_PORT)
    mistakes.push(`MCP_METRICS_PORT is ${port}, which is MCP_PORT too. Give another port, or leave it out.`);
  if (token !== null) mistakes.push(...tokenMistakes(token, auth));
  if (port !== null && token === null && !isLoopback(host))
    warnings.push(
      `MCP_METRICS_TOKEN is not set: whoever reaches MCP_METRICS_PORT at ${host} reads the numbers. Set ` +
        `it, or let only Prometheus reach that port.`,
    );
  return token === null && port === null ? undefined : { token, port, host };
}

function tokenMistakes(token: string, auth: AuthConfig): string[] {
  const problem = tokenProblem(token);
  if (problem !== undefined) return [`MCP_METRICS_TOKEN: ${problem}`];
  const callers = "tokens" in auth ? auth.tokens : [];
  if (!callers.some((caller) => caller.token === token)) return [];
  return ["MCP_METRICS_TOKEN is one of MCP_AUTH_TOKEN too: whoever reads the numbers could call tools. Make another."];
}

/** The separate address of /metrics; undefined: it has none. */
export function metricsAddress({ metrics }: Pick<HttpConfig, "metrics">): { host: string; port: number } | undefined {
  const { host, port = null } = metrics ?? {};
  return host === undefined || port === null ? undefined : { host, port };
}
