/** MCP prompts: lists the plans that the caller may carry out, and writes one for its arguments. */
import { ownMember } from "../../catalog/json.ts";
import { decide } from "../../catalog/decide.ts";
import type { Json } from "../../catalog/json.ts";
import type { Catalogue } from "../../catalog/lookup.ts";
import type { Policy } from "../../catalog/policy.ts";
import { closestHint } from "../../errors/closest-name.ts";
import { BOUNDS } from "../../errors/bounds.ts";
import { clip } from "../../errors/clip.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { PLANS, type Plan } from "./prompts-plans.ts";

/** The prompts/list result. */
export function listPlans(catalogue: Catalogue, policy: Policy): Json {
  const offered = PLANS.filter((plan) => findRefusal(catalogue, policy, plan) === undefined);
  return {
    prompts: offered.map(({ name, title, description, arguments: args }) => ({
      name,
      title,
      description,
      arguments: args.map((argument) => ({
        name: argument.name,
        description: argument.description,
        required: argument.required ?? false,
      })),
    })),
  };
}

/**
 * The prompts/get result. Throws BAD_INPUT for a wrong name or argument, NOT_ALLOWED where the policy refuses a tool of
 * the plan.
 */
export function writePlan(
  catalogue: Catalogue,
  policy: Policy,
  name: string,
  args: Readonly<Record<string, string>>,
): Json {
  const plan = PLANS.find((one) => one.name === name);
  if (plan === undefined)
    throw new PortkeyMcpError(
      "BAD_INPUT",
      `There is no prompt "${clip(name, 65)}". There are: ${PLANS.map((one) => one.name).join(", ")}.`,
    );
  const refusal = findRefusal(catalogue, policy, plan);
  if (refusal !== undefined)
    throw new PortkeyMcpError("NOT_ALLOWED", `The prompt ${name} cannot be carried out here. ${refusal.reason}`, {
      setting: refusal.setting,
    });
  const values = checkArguments(plan, args);
  const steps = plan.steps(values).map((step, at) => `${at + 1}. ${step}`);
  const calls = policy.discover
    ? ["", "Find each tool with search_tools and call it with the call_ tool that the search names."]
    : [];
  const text = [plan.goal(values), "", "Go step by step, and use the tools named:", ...steps, ...calls].join("\n");
  return { description: plan.description, messages: [{ role: "user", content: { type: "text", text } }] };
}

/** The arguments that are not empty, each as one line, since they become part of a text. Throws BAD_INPUT. */
function checkArguments(plan: Plan, args: Readonly<Record<string, string>>): Record<string, string> {
  const known = plan.arguments.map(({ name }) => name);
  const trimmed = Object.fromEntries(
    Object.entries(args).map(([name, value]) => [name, value.replace(/\s+/g, " ").trim()]),
  );
  const takes = known.length === 0 ? "; it takes none" : `; it takes ${known.join(", ")}`;
  const unknown = Object.keys(trimmed).filter((name) => !known.includes(name));
  const long = known.filter((name) => (ownMember(trimmed, name)?.length ?? 0) > BOUNDS.promptArgument);
  const problems = [
    ...unknown
      .slice(0, BOUNDS.listed)
      .map((name) => `${clip(name)} is not an argument${closestHint(name, known, takes)}.`),
    ...(unknown.length > BOUNDS.listed ? [`${unknown.length - BOUNDS.listed} more are none either.`] : []),
    ...long.map((name) => `${name} is longer than ${BOUNDS.promptArgument} characters.`),
    ...plan.arguments
      .filter(({ name, required }) => required === true && (trimmed[name] ?? "") === "")
      .map(({ name, description }) => `${name} is required: ${description}.`),
  ];
  if (problems.length > 0) throw new PortkeyMcpError("BAD_INPUT", `${plan.name}: ${problems.join(" ")}`);
  return Object.fromEntries(Object.entries(trimmed).filter(([, value]) => value !== ""));
}

/** Why the plan cannot be carried out: the first tool that is refused or does not exist; undefined: it can. */
function findRefusal(
  catalogue: Catalogue,
  policy: Policy,
  plan: Plan,
): { setting: string; reason: string } | undefined {
  for (const need of plan.needs) {
    const record = catalogue.find(need)?.record;
    if (record === undefined) return { setting: "", reason: `This build has no tool ${need}.` };
    const verdict = decide(policy, record);
    if (!verdict.allowed) return verdict;
  }
  return undefined;
}
