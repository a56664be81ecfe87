/**
 * One request of 2026-07-28 from its parts to its result: the same whether the SDK's server took it in or HTTP did.
 */
import { ownMember } from "../../catalog/json.ts";
import type { Json } from "../../catalog/json.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { METHODS } from "../methods.ts";
import { observe, type RequestSpan } from "../observe.ts";
import { progressOf, type ProgressParams } from "../progress.ts";
import type { Caller, ClientLink, ElicitOutcome, Registry } from "../registry.ts";
import type { RequestStateCodec } from "./request-state.ts";
import { Round } from "./rounds.ts";
import { RPC, RpcError, toRpcError } from "../rpc-error.ts";
import type { SpentStates } from "./spent-states.ts";

export interface ModernServing {
  readonly registry: Registry;
  /** Seals `requestState`. */
  readonly codec: RequestStateCodec;
  readonly spent: SpentStates;
  /** Unexpected errors: defects. The client gets a plain -32603. */
  readonly onUnexpected?: (error: unknown, method: string) => void;
}

/** A request without what is only the wire's: the envelope, the rounds' parameters. */
export interface ModernCall {
  readonly method: string;
  readonly params: Json;
  readonly id: string | number;
  readonly meta: unknown;
  readonly caller: Caller;
  readonly signal: AbortSignal;
  /** As declared in the envelope. */
  readonly capabilities: Readonly<Record<string, Json | undefined>>;
  readonly progressToken?: string | number | undefined;
  readonly state: unknown;
  readonly responses: Json;
  /** Absent where nothing can be sent before the result. */
  readonly report?: {
    readonly progress: (params: ProgressParams) => void;
    readonly log: (level: string, data: unknown) => void;
  };
}

export const MODERN_REVISION = "2026-07-28";

/** How long a client may keep a list: it follows from settings that change with a restart. Reads follow live data. */
const LIST_TTL_MS = 300_000;
export const CACHE: Readonly<Record<string, Json>> = {
  "tools/list": { ttlMs: LIST_TTL_MS, cacheScope: "private" },
  "prompts/list": { ttlMs: LIST_TTL_MS, cacheScope: "private" },
  "resources/list": { ttlMs: LIST_TTL_MS, cacheScope: "private" },
  "resources/templates/list": { ttlMs: LIST_TTL_MS, cacheScope: "private" },
  "resources/read": { ttlMs: 0, cacheScope: "private" },
};

/** The methods whose answer may be `input_required`. */
const ASKING: ReadonlySet<string> = new Set(["tools/call", "prompts/get", "resources/read"]);

/** The result, or `input_required`. Throws RpcError and nothing else. */
export function answerCall(serving: ModernServing, call: ModernCall): Promise<Json> {
  const { method, id, meta, caller } = call;
  const { wire } = caller;
  return observe(serving.registry, { method, id, meta, revision: MODERN_REVISION, wire }, (span) =>
    answerMethod(serving, call, span),
  );
}

async function answerMethod(serving: ModernServing, call: ModernCall, span: RequestSpan | undefined): Promise<Json> {
  const method = Object.hasOwn(METHODS, call.method) ? METHODS[call.method] : undefined;
  if (method === undefined) throw new RpcError(RPC.methodNotFound, "Method not found");
  const { registry } = serving;
  const { params, caller } = call;
  try {
    const round = roundOf(serving, call);
    const link = { ...linkOf(call, round), ...(span && { span }) };
    const work = async (): Promise<Json> => method({ params, registry, caller, link });
    const result = await (round === undefined ? work() : round.run(work));
    return result["resultType"] === undefined ? { ...result, ...ownMember(CACHE, call.method) } : result;
  } catch (error) {
    const answer = toRpcError(error, (cause) => serving.onUnexpected?.(cause, call.method));
    if (call.method === "resources/read" && error instanceof PortkeyMcpError) {
      throw new RpcError(
        answer.code,
        answer.message,
        { ...(answer.data as Json), uri: params["uri"] },
        { cause: error },
      );
    }
    throw answer;
  }
}

/** The round this request is; undefined where nothing can be asked and nothing was answered. */
function roundOf(
  { codec, spent }: ModernServing,
  { method, params, caller, capabilities, state, responses }: ModernCall,
): Round | undefined {
  const { elicitation, sampling, roots } = capabilities;
  if (!ASKING.has(method) || !(elicitation || sampling || roots || state !== undefined)) return undefined;
  const bound: Record<string, unknown> = { ...params };
  delete bound["_meta"];
  const principal = caller.binding ?? caller.principal;
  return new Round({ codec, spent, principal, method, params: bound, state, responses });
}

function linkOf({ signal, capabilities, progressToken, report }: ModernCall, round: Round | undefined): ClientLink {
  const { elicitation, sampling, roots } = capabilities;
  return {
    signal: round === undefined ? signal : AbortSignal.any([signal, round.signal]),
    ...(round && { asksInRounds: true }),
    ...(progressToken !== undefined && report && { progress: progressOf(progressToken, report.progress) }),
    // A bare `elicitation: {}` means forms, as it did before there were modes.
    ...(round &&
      elicitation &&
      (elicitation["form"] !== undefined || elicitation["url"] === undefined) && {
        elicit: (message: string, requestedSchema: Json, key?: string) =>
          round.ask(
            { method: "elicitation/create", params: { mode: "form", message, requestedSchema } },
            key,
          ) as Promise<ElicitOutcome>,
      }),
    ...(round &&
      sampling && {
        sample: (params: Json) => round.ask({ method: "sampling/createMessage", params }) as Promise<Json>,
      }),
    ...(round &&
      roots && {
        roots: () => round.ask({ method: "roots/list", params: {} }) as Promise<Json>,
      }),
    ...(report && { log: report.log }),
  };
}
