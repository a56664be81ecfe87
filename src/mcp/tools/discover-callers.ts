/** Which of discover mode's three call_ tools calls which tools: by risk, so that the annotations of each are true. */
import type { Risk, ToolRecord } from "../../catalog/record.ts";

export type CallToolName = "call_read_tool" | "call_write_tool" | "call_destructive_tool";

const BY_RISK: Readonly<Record<Risk, CallToolName>> = {
  read: "call_read_tool",
  create: "call_write_tool",
  update: "call_write_tool",
  destroy: "call_destructive_tool",
};

/** The name of the call_ tool for a tool. */
export function callToolFor({ risk }: Pick<ToolRecord, "risk">): CallToolName {
  return BY_RISK[risk];
}
