/** For a registry without prompts, resources and completions: empty lists, and refusals. */
import { PortkeyMcpError } from "../../errors/errors.ts";
import type { Guidance } from "../parts.ts";

export const NO_GUIDANCE: Guidance = {
  instructions: () => "",
  listPrompts: () => ({ prompts: [] }),
  getPrompt: (name) => Promise.reject(new PortkeyMcpError("BAD_INPUT", `There is no prompt "${name}".`)),
  listResources: () => ({ resources: [] }),
  listResourceTemplates: () => ({ resourceTemplates: [] }),
  readResource: (uri) => Promise.reject(new PortkeyMcpError("BAD_INPUT", `There is no resource "${uri}".`)),
  complete: () => Promise.resolve({ completion: { values: [], total: 0, hasMore: false } }),
};
