/** Checks what would keep the HTTP server from starting, or from working well. */
import { once } from "node:events";
import { createServer } from "node:net";
import type { PolicySubject } from "../../catalog/policy.ts";
import type { Config } from "../../config/config.ts";
import type { HttpConfig } from "../../config/http-config.ts";
import { metricsAddress } from "../../config/http/metrics.ts";
import { telemetryConfig } from "../../config/otel.ts";
import { readSecret } from "../../config/read-secret.ts";
import type { Source } from "../../config/read-settings.ts";
import { collectMistakes } from "../../errors/collect-mistakes.ts";
import type { Finding } from "../doctor-findings.ts";
import { checkRedis } from "../doctor-network.ts";
import { checkIssuer } from "./issuer.ts";

export interface HttpParts {
  readonly http: HttpConfig;
  /** Absent where its settings have mistakes; checks that need it are then skipped. */
  readonly configured: Config | undefined;
  readonly records: readonly PolicySubject[];
  readonly env: Source["env"];
}

export async function examineHttp(parts: HttpParts): Promise<Finding[]> {
  const { http } = parts;
  const own = metricsAddress(http);
  const [start, address, metrics, redis, issuer] = await Promise.all([
    checkStart(parts),
    checkAddress(http, "MCP_HOST and MCP_PORT"),
    own === undefined ? [] : checkAddress(own, "MCP_METRICS_HOST and MCP_METRICS_PORT"),
    http.redis === null ? [] : checkRedis(http.redis),
    checkIssuer(http),
  ]);
  return [...start, ...address, ...metrics, ...redis, ...issuer];
}

/** Runs the checks of the start itself: the policy file, the audit's places, and exposure. */
async function checkStart({ http, configured, records, env }: HttpParts): Promise<Finding[]> {
  if (configured === undefined) return [];
  const [{ preflight }, { placeNames }] = await Promise.all([
    import("../../http/preflight.ts"),
    import("../../http/audit/audit.ts"),
  ]);
  const { policy, credentials } = configured;
  const telemetry = telemetryConfig(env, { audit: placeNames(http.auditLog).includes("otlp") });
  const collector = telemetry.config?.audit !== undefined;
  const mistakes = collectMistakes();
  const warnings = mistakes.attempt(() =>
    preflight({
      config: http,
      policy,
      credentials,
      records,
      readSecret: (reference) => readSecret(reference, env),
      collector,
    }),
  );
  return [
    ...mistakes.lines.map((text): Finding => ({ level: "wrong", text })),
    ...[...telemetry.warnings, ...(warnings ?? [])].map((text): Finding => ({ level: "note", text })),
  ];
}

/** Listens for a moment at the server's address. */
async function checkAddress(address: Pick<HttpConfig, "host" | "port">, names: string): Promise<Finding[]> {
  const { toListenError } = await import("../../http/listen-error.ts");
  const server = createServer();
  try {
    server.listen({ host: address.host, port: address.port });
    await once(server, "listening");
    return [];
  } catch (error) {
    const { message: text } = toListenError(error, names, address) as Error;
    const inUse = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
    return inUse
      ? [{ level: "note", text, todo: "That is right where it is this server, running already." }]
      : [{ level: "wrong", text }];
  } finally {
    server.close();
  }
}
