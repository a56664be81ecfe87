/** What a tool demands of several fields together, which a schema cannot say; from the tables that check it. */
import type { ToolRecord } from "../../catalog/record.ts";

/** By composite or rule set, the sentences; each is loaded when first asked for. */
const RULES: Readonly<Record<string, () => Promise<readonly string[]>>> = {
  "create-config": gatewayRules,
  "update-config": gatewayRules,
  "guardrail-checks": () =>
    Promise.resolve([
      "a check's parameters depend on its id: path checks:<id> shows them",
      "a check without the parameters that it needs lets everything pass, so it is refused",
      "actions.deny blocks what fails; actions.async never does, since the request does not wait",
    ]),
};

export async function crossFieldRules({ composite, rules }: ToolRecord): Promise<readonly string[]> {
  const names = [composite, rules].filter((name) => name !== undefined && Object.hasOwn(RULES, name)) as string[];
  return (await Promise.all(names.map((name) => RULES[name]?.()))).flatMap((said) => said ?? []);
}

async function gatewayRules(): Promise<readonly string[]> {
  const { saidRules } = await import("../../composites/configs/config-rules.ts");
  return saidRules();
}
