/**
 * The rules by kind of resource. A kind that is not listed has no rules beyond the document.
 */
import { apiKeyRule } from "./api-keys.ts";
import { policyRule } from "./policies.ts";
import { providerRule } from "./providers.ts";
import type { Rule } from "./rule.ts";
import { scimRule } from "./scim.ts";
import { secretMappingRule } from "./secret-mappings.ts";
import { secretReferenceRule } from "./secret-references.ts";
import { limitsRule } from "./usage-limits.ts";
import { userRule } from "./users.ts";

export const rules: Readonly<Record<string, Rule>> = {
  "/admin/users": userRule,
  "/admin/workspaces": limitsRule,
  "/api-keys": apiKeyRule,
  "/integrations": secretMappingRule,
  "/mcp-integrations": secretMappingRule,
  "/policies/rate-limits": policyRule,
  "/policies/usage-limits": policyRule,
  "/providers": providerRule,
  "/scim/workspaces": scimRule,
  "/secret-references": secretReferenceRule,
  "/virtual-keys": limitsRule,
};
