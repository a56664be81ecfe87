/**
 * Which behaviour serves an operation: a special one where a table names it, otherwise what its form says.
 */
import { analyticsBehaviour } from "./analytics.ts";
import { apiKeyBehaviours } from "./api-keys.ts";
import type { Behaviour } from "./call.ts";
import { complete } from "./completion.ts";
import type { ApiDocument, Operation } from "./document.ts";
import { exportBehaviours } from "./exports.ts";
import { integrationBehaviours } from "./integrations.ts";
import { logBehaviours } from "./logs.ts";
import { modelBehaviours } from "./models.ts";
import { organisationBehaviours } from "./organisation.ts";
import { policyBehaviours } from "./policies.ts";
import { promptBehaviours } from "./prompts.ts";
import { userBehaviours } from "./users.ts";
import { behaviourOf } from "./verbs.ts";
import { workspaceBehaviours } from "./workspaces.ts";

/** By method and path with nameless parameters. */
const special: Readonly<Record<string, Behaviour>> = {
  "POST /prompts/{}/completions": complete,
  ...apiKeyBehaviours,
  ...exportBehaviours,
  ...integrationBehaviours,
  ...logBehaviours,
  ...modelBehaviours,
  ...organisationBehaviours,
  ...policyBehaviours,
  ...promptBehaviours,
  ...userBehaviours,
  ...workspaceBehaviours,
};

export function choose(document: ApiDocument, operation: Operation): Behaviour {
  return special[operation.key] ?? analyticsBehaviour(operation.path) ?? behaviourOf(document, operation);
}
