/** Rules of a tool about several fields together, which no schema can express; from the tables that check them. */
import type { ToolRecord } from "../../catalog/record.ts";

/** The sentences by composite or rule set, loaded when first needed. */
const RULES: ReadonlyMap<string | undefined, () => Promise<readonly string[]>> = new Map([
  ["create-config", gatewayRules],
  ["update-config", gatewayRules],
  ["guardrail-checks", guardrailRules],
]);

export async function crossFieldRules({ composite, rules }: ToolRecord): Promise<readonly string[]> {
  const sentences = [composite, rules].map((name) => RULES.get(name)?.() ?? []);
  return (await Promise.all(sentences)).flat();
}

async function gatewayRules(): Promise<readonly string[]> {
  const { ruleSentences } = await import("../../composites/configs/config-rules.ts");
  return ruleSentences();
}

async function guardrailRules(): Promise<readonly string[]> {
  return [
    "a check's parameters depend on its id: path checks:<id> shows them",
    "a check without the parameters that it needs lets everything pass, so it is refused",
    "actions.deny blocks what fails; actions.async never does, since the request does not wait",
  ];
}
