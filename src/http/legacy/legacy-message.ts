/** The messages on the bus between instances. */
import type { JSONRPCResponse } from "@modelcontextprotocol/sdk/types.js";
import type { StreamKey } from "../events/event-id.ts";
import type { CallHead } from "../events/event-store.ts";

export type LegacyMessage =
  | {
      readonly kind: "answer";
      readonly number: number;
      readonly id: number;
      readonly scope: string;
      readonly response: JSONRPCResponse;
    }
  | { readonly kind: "cancel"; readonly scope: string; readonly id: string | number; readonly reason?: string }
  | { readonly kind: "ended"; readonly sessionId: string }
  | { readonly kind: "notify"; readonly sessionId: string; readonly data: string }
  | { readonly kind: "resumed"; readonly key: StreamKey; readonly head: CallHead };
