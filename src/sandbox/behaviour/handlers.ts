/**
 * Finds the handler of an operation: a special one by the table, else the default for its path and method.
 */
import { ownMember } from "../../catalog/json.ts";
import { analyticsHandler } from "../traffic/analytics.ts";
import { apiKeyHandlers } from "./api-keys.ts";
import type { Handler } from "./call.ts";
import { completePrompt } from "./completion.ts";
import { defaultProviderHandlers } from "./default-providers.ts";
import type { ApiDocument, Operation } from "../shapes/document.ts";
import { exportHandlers } from "./exports.ts";
import { guardrailServerHandlers } from "./guardrail-servers.ts";
import { integrationHandlers } from "./integrations.ts";
import { logHandlers } from "./logs.ts";
import { modelHandlers } from "./models.ts";
import { organisationHandlers } from "./organisation.ts";
import { policyHandlers } from "./policies.ts";
import { promptHandlers } from "./prompts.ts";
import { userHandlers } from "./users.ts";
import { defaultHandler } from "./verbs.ts";
import { workspaceHandlers } from "./workspaces.ts";

/** Keyed by method and path with nameless parameters. */
const specialHandlers: Readonly<Record<string, Handler>> = {
  "POST /prompts/{}/completions": completePrompt,
  ...apiKeyHandlers,
  ...defaultProviderHandlers,
  ...exportHandlers,
  ...guardrailServerHandlers,
  ...integrationHandlers,
  ...logHandlers,
  ...modelHandlers,
  ...organisationHandlers,
  ...policyHandlers,
  ...promptHandlers,
  ...userHandlers,
  ...workspaceHandlers,
};

export function handlerFor(document: ApiDocument, operation: Operation): Handler {
  return (
    ownMember(specialHandlers, operation.key) ?? analyticsHandler(operation.path) ?? defaultHandler(document, operation)
  );
}
