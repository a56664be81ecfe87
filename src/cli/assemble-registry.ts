/** Creates the registry that both transports serve, from the parts of this build. */
import { editionData, loadSearchModel, MAIN_EDITION, validatorLoaders, type EditionName } from "../catalog/editions.ts";
import { EDITIONS } from "../config/editions.ts";
import type { Catalogue } from "../catalog/lookup.ts";
import type { ToolSearch } from "../catalog/search/search.ts";
import { composites } from "../composites/table.ts";
import type { Config } from "../config/config.ts";
import type { Log } from "../log/log.ts";
import { createCallTool } from "../mcp/tools/call-tool.ts";
import { createConfirm } from "../mcp/tools/confirm.ts";
import { createRegistry } from "../mcp/create-registry.ts";
import { createBuiltInTools } from "../mcp/tools/discover.ts";
import { createGuidance } from "../mcp/guidance/guidance.ts";
import type { RegistryParts } from "../mcp/parts.ts";
import type { Registry } from "../mcp/registry.ts";
import { callRecord } from "../portkey/call-record.ts";
import type { Portkey } from "../portkey/port.ts";
import { createCheck, type CheckCall } from "../portkey/request/check.ts";
import { createPortkey } from "../portkey/create.ts";
import { createReadBack } from "../portkey/writes/read-back.ts";
import { toResult } from "../portkey/response/result.ts";
import { createPooledFetch } from "../portkey/transport/pooled-fetch.ts";
import { timedSend, type TimedRequest } from "../portkey/transport/timed-send.ts";
import { VERSION } from "./version.ts";

export interface Assembly {
  readonly config: Config;
  readonly catalogue: Catalogue;
  readonly log: Log;
  readonly onCall?: RegistryParts["onCall"];
  /** Called for each request to Portkey, once its answer has begun. */
  readonly onRequest?: (request: TimedRequest) => void;
  readonly observer?: RegistryParts["observer"];
}

export function assembleRegistry(assembly: Assembly): Registry {
  const { config, catalogue, log, onCall, observer } = assembly;
  const { edition = MAIN_EDITION, bases, maxResultBytes, elicitTimeoutMs } = config;
  const questions = elicitTimeoutMs === undefined ? {} : { timeoutMs: elicitTimeoutMs };
  const data = editionData(edition);
  const check = createCheck(validatorLoaders(edition, catalogue.records), {
    unknownFields: config.unknownFields,
    data,
  });
  const portkey = portkeyFor(assembly, check);
  const readBack = config.verifyWrites ? createReadBack(portkey, { records: catalogue.records }) : undefined;
  const { product } = EDITIONS[edition];
  const describe = { catalogue, product, ...data, loadSearch: createSearchLoader(catalogue, edition) };
  const parts: RegistryParts = {
    catalogue,
    portkey,
    callRecord: (record, args, context) =>
      callRecord(portkey, { record, args, context }, { maxResultBytes, ...(readBack && { readBack }) }),
    check,
    version: VERSION,
    product,
    sandbox: config.sandbox,
    ownHosts: Object.values(bases).map((base) => new URL(base).host),
    composites,
    loadSchemas: data.loadSchemas,
    compositeSettings: { ...config.composites, PORTKEY_MAX_RESULT_BYTES: String(maxResultBytes) },
    fit: (record, body, args) => toResult(record, { status: 200, body, warnings: [] }, args, { maxResultBytes }),
    onDefect: (error, tool) => logDefect(log, error, tool),
    ...(onCall && { onCall }),
    ...(observer && { observer }),
    confirm: createConfirm({ catalogue, portkey, check, questions }),
    builtInTools: createBuiltInTools(describe),
  };
  return createRegistry({
    ...parts,
    guidance: createGuidance({ ...describe, callTool: createCallTool(parts), sandbox: config.sandbox }),
  });
}

function portkeyFor({ config, catalogue, log, onRequest }: Assembly, check: CheckCall): Required<Portkey> {
  const { edition = MAIN_EDITION, bases, tokenUrl, timeoutMs, maxRetries } = config;
  const send = createPooledFetch({ guarded: config.allowPrivateBase !== true });
  return createPortkey({
    bases,
    tokenUrl,
    product: EDITIONS[edition].product,
    timeoutMs,
    maxRetries,
    check,
    records: catalogue.records,
    log,
    userAgent: `portkey-admin-mcp/${VERSION}`,
    fetch: onRequest === undefined ? send : timedSend(send, onRequest),
  });
}

/** Returns a function that creates the search over an edition's catalogue at its first call. */
function createSearchLoader({ records }: Catalogue, edition: EditionName): () => Promise<ToolSearch> {
  let search: Promise<ToolSearch> | undefined;
  const load = async () => {
    const [{ createToolSearch }, model] = await Promise.all([
      import("../catalog/search/search.ts"),
      loadSearchModel(edition),
    ]);
    return createToolSearch(records, model);
  };
  return () => (search ??= load());
}

/** Logs an unexpected error with its stack, which the caller does not get. */
export function logDefect(log: Log, error: unknown, where: string): void {
  log.write("error", "defect", {
    where,
    error: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
}
