/** Creates everything that a registry serves besides tools. */
import { createRecentCache } from "../../catalog/recent-cache.ts";
import { createComplete } from "./completions.ts";
import { composeInstructions } from "./instructions.ts";
import type { Guidance } from "../parts.ts";
import { listPlans, writePlan } from "./prompts.ts";
import { listResources, listTemplates, readResource, type ResourceParts } from "./resources.ts";

export interface GuidanceParts extends ResourceParts {
  readonly sandbox: boolean;
}

/** Stateless, except for the cache of completions. */
export function createGuidance(parts: GuidanceParts): Guidance {
  const { catalogue, callTool, sandbox, product } = parts;
  const complete = createComplete(catalogue, callTool);
  const instructions = createRecentCache<string>();
  return {
    instructions: ({ policy }) =>
      instructions(policy.key, () => composeInstructions(catalogue, policy, sandbox, product)),
    listPrompts: ({ policy }) => listPlans(catalogue, policy),
    getPrompt: async (name, args, { policy }) => writePlan(catalogue, policy, name, args),
    listResources: () => listResources(),
    listResourceTemplates: ({ policy }) => listTemplates(parts, policy),
    readResource: (uri, caller, link) => readResource(parts, uri, caller, link),
    complete,
  };
}
