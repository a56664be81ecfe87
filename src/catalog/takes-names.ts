/** Whether a tool takes `names: true`: one that reads what Portkey's control plane keeps, where objects have ids. */
import type { ToolRecord } from "./record.ts";

export function takesNames({ risk, base, key }: Pick<ToolRecord, "risk" | "base" | "key">): boolean {
  return risk === "read" && base === "control" && key !== "none";
}
