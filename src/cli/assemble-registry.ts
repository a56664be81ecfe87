/**
 * Puts the parts of this build together into the registry that both transports serve.
 */
import { loadValidators } from "../../generated/validators.ts";
import type { Catalogue } from "../catalog/lookup.ts";
import { composites } from "../composites/table.ts";
import type { Config } from "../config/config.ts";
import type { Log } from "../log/log.ts";
import { createRegistry } from "../mcp/create-registry.ts";
import type { RegistryParts } from "../mcp/parts.ts";
import type { Registry } from "../mcp/registry.ts";
import { callRecord } from "../portkey/call-record.ts";
import { createCheck } from "../portkey/check.ts";
import { createPortkey } from "../portkey/create.ts";
import { VERSION } from "./version.ts";

export interface Assembly {
  readonly config: Config;
  readonly catalogue: Catalogue;
  readonly log: Log;
  readonly onCall?: RegistryParts["onCall"];
}

export function assembleRegistry({ config, catalogue, log, onCall }: Assembly): Registry {
  const { bases, timeoutMs, maxRetries, maxResultBytes } = config;
  const portkey = createPortkey({ bases, timeoutMs, maxRetries, loadValidators, log, userAgent: `portkey-admin-mcp/${VERSION}` });
  return createRegistry({
    catalogue,
    portkey,
    callRecord: (record, args, context) => callRecord(portkey, record, args, context, { maxResultBytes }),
    check: createCheck(loadValidators),
    version: VERSION,
    sandbox: config.sandbox,
    composites,
    compositeSettings: config.composites,
    onDefect: (error, tool) => logDefect(log, error, tool),
    ...(onCall && { onCall }),
  });
}

/** A defect goes to the log with its stack; the caller sees none of it. */
export function logDefect(log: Log, error: unknown, where: string): void {
  log.write("error", "defect", { where, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
