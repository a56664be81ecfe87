/** Everything a registry serves besides tools, put together. */
import { keepRecent } from "../../catalog/keep-recent.ts";
import { createComplete } from "./completions.ts";
import type { DescribeParts } from "../tools/describe.ts";
import { composeInstructions } from "./instructions.ts";
import type { CallTool, Guidance } from "../parts.ts";
import { listPlans, writePlan } from "./prompts.ts";
import { listResources, listTemplates, readResource } from "./resources.ts";

export interface GuidanceParts extends DescribeParts {
  /** Calls a tool as tools/call does: within the policy, recorded. */
  readonly callTool: CallTool;
  readonly sandbox: boolean;
}

/** Stateless but for what completions keep for each caller. */
export function createGuidance(parts: GuidanceParts): Guidance {
  const { catalogue, callTool, sandbox, product } = parts;
  const complete = createComplete(catalogue, callTool);
  const instructions = keepRecent<string>();
  return {
    instructions: ({ policy }) =>
      instructions(policy.key, () => composeInstructions(catalogue, policy, sandbox, product)),
    listPrompts: ({ policy }) => listPlans(catalogue, policy),
    getPrompt: async (name, args, { policy }) => writePlan(catalogue, policy, name, args),
    listResources: () => listResources(),
    listResourceTemplates: ({ policy }) => listTemplates(parts, policy),
    readResource: (uri, caller, link) => readResource(parts, callTool, uri, caller, link),
    complete,
  };
}
