/** Rules beyond the schemas, by the name in `record.rules`; each is loaded at the first call that needs it. */
import type { EditionData } from "../../catalog/editions.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import type { Problem } from "./problem.ts";

/** Finds doubtful arguments of a call. They are only warnings: Portkey may accept more than the rules know. */
export type Rules = (
  values: Readonly<Record<string, unknown>>,
  data: Pick<EditionData, "loadGuardrailChecks">,
) => Promise<readonly Problem[]>;

const RULES: ReadonlyMap<string, () => Promise<Rules>> = new Map([
  [
    "guardrail-checks",
    async () => {
      const { checkGuardrail } = await import("./guardrail-checks.ts");
      return (values, data) => checkGuardrail(values, data.loadGuardrailChecks);
    },
  ],
]);

/** Warnings by the record's rules, if it has some. `data` is that of the record's edition. */
export async function ruleWarnings(
  { rules }: ToolRecord,
  values: Readonly<Record<string, unknown>>,
  data: Pick<EditionData, "loadGuardrailChecks">,
): Promise<readonly Problem[]> {
  const load = RULES.get(rules ?? "");
  return load === undefined ? [] : (await load())(values, data);
}
