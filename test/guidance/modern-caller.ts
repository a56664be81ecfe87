/** Calls of 2026-07-28 against a rig, each answered as it would be over HTTP. */
import { createModernHandler } from "../../src/mcp/modern/modern-http.ts";
import { createRequestStateCodec, type RequestStateCodec } from "../../src/mcp/modern/request-state.ts";
import { createSpentStates, type SpentStates } from "../../src/mcp/modern/spent-states.ts";
import type { Caller } from "../../src/mcp/registry.ts";
import { modernRequest } from "../mcp-adapters/modern-request.ts";
import type { Rig } from "./rig.ts";

export const YES = { action: "accept", content: { confirm: true } };

export interface Answered {
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number };
}

export interface Instance {
  call(params: Record<string, unknown>, caller?: Caller, method?: string): Promise<Answered>;
  /** The open question of a call: its state and the name of the answer. */
  ask(params: Record<string, unknown>, caller?: Caller): Promise<{ requestState: string; key: string }>;
}

/** One instance; those that share `codec` and `spent` stand behind one balancer. */
export function instanceOf(
  rig: Rig,
  codec: RequestStateCodec = createRequestStateCodec("secret"),
  spent: SpentStates = createSpentStates(),
): Instance {
  const handler = createModernHandler(rig.registry, { requestState: codec, spentStates: spent });
  async function call(params: Record<string, unknown>, caller = rig.caller(), method = "tools/call") {
    const { request, body } = modernRequest(method, params, { elicitation: { form: {} }, sampling: {}, roots: {} });
    return (await (await handler.handle(request, body, caller)).json()) as Answered;
  }
  return {
    call,
    async ask(params, caller) {
      const { result = {} } = await call(params, caller);
      const [key] = Object.keys(result["inputRequests"] as object) as [string];
      return { requestState: result["requestState"] as string, key };
    },
  };
}
