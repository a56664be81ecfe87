/** A call as the audit is told of it. */
import type { CallEvent } from "../../../src/mcp/tools/call-event.ts";

/** A call that Portkey refused. */
export const EVENT: CallEvent = {
  tool: "delete_prompt",
  domain: "prompts",
  risk: "destroy",
  method: "DELETE",
  principal: "jwt:alice@org_1",
  about: { client: "cursor", organisation: "org_1", session: "0a1b2c3d", address: "203.0.113.7" },
  outcome: "error",
  code: "PORTKEY",
  status: 404,
  requestId: "req-1",
  durationMs: 12,
  dryRun: false,
  targets: { prompt_id: "pp-1" },
};
