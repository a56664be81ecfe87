/** A refusal with a JSON-RPC code of its own; the app's error handler answers with it. */
import { RPC } from "../../mcp/rpc-error.ts";
import { HttpRefusal } from "../auth/refusal.ts";

export class LegacyRefusal extends HttpRefusal {
  constructor(
    status: number,
    readonly rpcCode: number,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(status, message, headers);
    this.name = "LegacyRefusal";
  }
}

export function sessionNotFound(): LegacyRefusal {
  return new LegacyRefusal(
    404,
    RPC.sessionNotFound,
    "There is no such session. Start a new one with initialize, without Mcp-Session-Id.",
  );
}

/** 503: `what` is kept in Redis, which cannot be reached. */
export function storeUnavailable(what: string): LegacyRefusal {
  return new LegacyRefusal(503, RPC.server, `${what} is kept in Redis, which is away. Try again in a moment.`, {
    "retry-after": "2",
  });
}
