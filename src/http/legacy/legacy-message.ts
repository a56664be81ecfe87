/** The messages that instances send each other over the instance bus. */
import type { JSONRPCResponse } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import type { StreamKey } from "../events/event-id.ts";
import type { CallHead } from "../events/event-store.ts";

export type LegacyMessage =
  /** A client's answer to question `id` of request stream `number`, which runs on the receiving instance. */
  | {
      readonly kind: "answer";
      readonly number: number;
      readonly id: number;
      readonly scope: string;
      readonly response: JSONRPCResponse;
    }
  /** A client's cancellation of its request `id`. */
  | { readonly kind: "cancel"; readonly scope: string; readonly id: string | number; readonly reason?: string }
  /** A session has ended. */
  | { readonly kind: "ended"; readonly sessionId: string }
  /** A notification for a session's standalone stream, as JSON text. */
  | { readonly kind: "notify"; readonly sessionId: string; readonly data: string }
  /** Another instance now serves the stream of a call of the receiving instance. */
  | { readonly kind: "resumed"; readonly key: StreamKey; readonly head: CallHead };

const ID = z.union([z.string(), z.number()]);
const NUMBER = z.int().nonnegative();

const MESSAGE = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("answer"),
    number: NUMBER,
    id: NUMBER,
    scope: z.string(),
    response: z.looseObject({ jsonrpc: z.literal("2.0"), id: ID }),
  }),
  z.object({ kind: z.literal("cancel"), scope: z.string(), id: ID, reason: z.string().optional() }),
  z.object({ kind: z.literal("ended"), sessionId: z.string() }),
  z.object({ kind: z.literal("notify"), sessionId: z.string(), data: z.string() }),
  z.object({
    kind: z.literal("resumed"),
    key: z.object({ scope: z.string(), stream: z.string() }),
    head: z.object({ owner: z.string(), id: ID, tool: z.string() }),
  }),
]);

/** The value as a message of another instance; undefined where it is none. */
export function parseLegacyMessage(value: unknown): LegacyMessage | undefined {
  const parsed = MESSAGE.safeParse(value);
  return parsed.success ? (value as LegacyMessage) : undefined;
}
