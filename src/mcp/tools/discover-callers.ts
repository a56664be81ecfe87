/** Which of discover mode's three callers calls which tools, so that each caller's annotations are true. */
import type { Risk, ToolRecord } from "../../catalog/record.ts";

export type CallerName = "call_read_tool" | "call_write_tool" | "call_destructive_tool";

const BY_RISK: Readonly<Record<Risk, CallerName>> = {
  read: "call_read_tool",
  create: "call_write_tool",
  update: "call_write_tool",
  destroy: "call_destructive_tool",
};

/** The caller that a tool is called through. */
export function callerOf({ risk }: Pick<ToolRecord, "risk">): CallerName {
  return BY_RISK[risk];
}
