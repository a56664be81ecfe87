/** Rules beyond the schemas, by the name that a record gives; each is loaded when a call is first held to it. */
import type { EditionData } from "../../catalog/editions.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import type { Problem } from "./problem.ts";

/** What is doubtful about a call's arguments. Nothing is refused: Portkey may know more than the rules. */
export type Rules = (
  values: Readonly<Record<string, unknown>>,
  data: Pick<EditionData, "loadGuardrailChecks">,
) => Promise<readonly Problem[]>;

const RULES: ReadonlyMap<string, () => Promise<Rules>> = new Map([
  [
    "guardrail-checks",
    async () => {
      const { guardrailChecks } = await import("./guardrail-checks.ts");
      return (values, data) => guardrailChecks(values, data.loadGuardrailChecks);
    },
  ],
]);

/** Warnings of the rules that the record names; none where it names none. `data`: of the record's edition. */
export async function ruleWarnings(
  { rules }: ToolRecord,
  values: Readonly<Record<string, unknown>>,
  data: Pick<EditionData, "loadGuardrailChecks">,
): Promise<readonly Problem[]> {
  const load = RULES.get(rules ?? "");
  return load === undefined ? [] : (await load())(values, data);
}
