/** The Portkey client, built from its parts: check, bind, choose the key, send with retries, read the answer. */
import { setImmediate } from "node:timers/promises";
import type { ToolRecord } from "../catalog/record.ts";
import { silentLog, type Log } from "../log/log.ts";
import { maskInTurns, maskQuotation, maskSecrets } from "../log/mask.ts";
import { credentialSecrets } from "./credentials.ts";
import { createKeyChooser } from "./keys/choose-key.ts";
import { filterNotes } from "./response/filtered-list.ts";
import { keyNotes } from "./keys/key-notes.ts";
import type { Answer, Bases, CallContext, PlannedRequest, Portkey } from "./port.ts";
import { PORTKEY, type Product } from "./product.ts";
import { createPrepareCall, type PreparedCall } from "./prepare-call.ts";
import { createCheck, type CheckCall, type LoadValidators } from "./request/check.ts";
import { readAnswer } from "./response/answer.ts";
import { createSendCall } from "./send-call.ts";
import { shownAccess } from "./tokens/access.ts";
import { fetchToken } from "./tokens/fetch-token.ts";
import { createTokenService } from "./tokens/token-service.ts";
import { createRequestClient, type Client } from "./transport/client.ts";
import { createPooledFetch, type SendRequest } from "./transport/pooled-fetch.ts";
import { SYSTEM_CLOCK, type Clock } from "./transport/retry.ts";

export interface PortkeyOptions {
  readonly bases: Bases;
  /** The token endpoint of service accounts; absent: the edition has none. */
  readonly tokenUrl?: string | undefined;
  /** The names of the API and its settings in messages; absent: Portkey's. */
  readonly product?: Product | undefined;
  /** Milliseconds for one attempt, including reading its answer. */
  readonly timeoutMs: number;
  /** Attempts after the first. */
  readonly maxRetries: number;
  /** Without this and `check`, JSON types are not checked. */
  readonly loadValidators?: LoadValidators;
  /** A check that is also used elsewhere; default: one over `loadValidators`. */
  readonly check?: CheckCall;
  /** The catalogue's records; needed to find out which workspace a workspace key belongs to. */
  readonly records?: readonly ToolRecord[];
  readonly userAgent?: string;
  readonly fetch?: SendRequest;
  readonly log?: Log;
  readonly clock?: Clock;
}

type Args = Readonly<Record<string, unknown>>;

/**
 * A client of Portkey for all callers. Between calls it keeps only which workspace a key belongs to, and for each
 * caller separately, which key each id was read with.
 */
export function createPortkey(options: PortkeyOptions): Required<Portkey> {
  const { bases, timeoutMs, maxRetries, records = [], product = PORTKEY } = options;
  const { log = silentLog, clock = SYSTEM_CLOCK } = options;
  const { userAgent = "portkey-admin-mcp", fetch = createPooledFetch() } = options;
  const client = createRequestClient({ bases, userAgent, fetch });
  const address = { url: options.tokenUrl ?? "", setting: product.tokens };
  const tokenRequest = { ...address, fetch, timeoutMs, maxRetries, clock, userAgent };
  const tokens = createTokenService({ fetchToken: (account) => fetchToken(tokenRequest, account), log, clock });
  const keys = createKeyChooser(records, send);
  const prepare = createPrepareCall(options.check ?? createCheck(options.loadValidators), keys);
  const sending = { client, bases, timeoutMs, maxRetries, log, clock };
  const sendCall = createSendCall({ prepare, tokens, records, product, ...sending });

  async function send(record: ToolRecord, args: Args, context: CallContext): Promise<Answer> {
    const { response, parts, used, step } = await sendCall({ record, args, context }, false);
    const answer = readAnswer(step, response, parts);
    keys.learnIds(record, context, used, answer.body);
    const { credentials } = context;
    const notes = [
      ...keyNotes({ record, credentials, own: keys.ownWorkspace(credentials), ...used }, answer.body),
      ...filterNotes(record, step.values, answer.body),
    ];
    return notes.length > 0 ? { ...answer, notes } : answer;
  }

  return {
    send,
    async open(record, args, context) {
      return (await sendCall({ record, args, context }, true)).response;
    },
    async plan(record, args, context) {
      const prepared = await prepare({ record, args, context }, true);
      return planRequest(client, prepared, credentialSecrets(context.credentials));
    },
  };
}

/** The request as a dry run shows it, without `secrets` and anything else that looks like a secret. */
async function planRequest(
  client: Client,
  { outgoing, used, warnings }: PreparedCall,
  secrets: readonly string[],
): Promise<PlannedRequest> {
  const { kind, because } = used.key;
  const request = await client.build({ ...outgoing, access: {} });
  const { body } = outgoing.bound;
  // Checking, masking and shortening a megabyte each block the event loop; other calls run in between.
  await setImmediate();
  const shown = maskSecrets(Object.fromEntries(request.headers)) as Record<string, string>;
  return {
    method: request.method,
    url: maskQuotation(request.url.href, secrets),
    headers: { ...shown, ...shownAccess(used.key) },
    ...(body !== undefined && { body: await maskInTurns(body, secrets) }),
    ...(kind !== "none" && { key: kind, key_because: because }),
    warnings,
  };
}
