/** Rules beyond the schemas, by the name that a record gives; each is loaded when a call is first held to it. */
import type { ToolRecord } from "../../catalog/record.ts";
import type { Problem } from "./problem.ts";

/** What is doubtful about a call's arguments. Nothing is refused: Portkey may know more than the rules. */
export type Rules = (values: Readonly<Record<string, unknown>>) => Promise<readonly Problem[]>;

const RULES: ReadonlyMap<string, () => Promise<Rules>> = new Map([
  ["guardrail-checks", async () => (await import("./guardrail-checks.ts")).guardrailChecks],
]);

/** Warnings of the rules that the record names; none where it names none. */
export async function ruleWarnings(
  { rules }: ToolRecord,
  values: Readonly<Record<string, unknown>>,
): Promise<readonly Problem[]> {
  const load = RULES.get(rules ?? "");
  return load === undefined ? [] : (await load())(values);
}
