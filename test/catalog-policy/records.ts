/** A small catalogue with every risk, an alias and a composite, for the tests of policies. */
import type { PolicySubject } from "../../src/catalog/policy.ts";

export const RECORDS: readonly PolicySubject[] = [
  { name: "list_prompts", aliases: [], domain: "prompts", risk: "read" },
  { name: "get_prompt", aliases: [], domain: "prompts", risk: "read" },
  { name: "update_prompt", aliases: [], domain: "prompts", risk: "update" },
  { name: "delete_prompt", aliases: [], domain: "prompts", risk: "destroy" },
  { name: "promote_prompt", aliases: [], domain: "prompts", risk: "create" },
  { name: "get_trace", aliases: ["get_log"], domain: "tracing", risk: "read" },
  { name: "list_api_keys", aliases: [], domain: "keys", risk: "read" },
  { name: "rotate_api_key", aliases: [], domain: "keys", risk: "destroy" },
];

/** A composite that reaches beyond its own domain. */
export const COMPOSITE: PolicySubject = {
  name: "find_unused_keys",
  aliases: [],
  domain: "keys",
  risk: "read",
  calls: ["list_api_keys", "get_trace"],
};

/** The record of a name that stands above; throws for any other. */
export function findRecord(name: string): PolicySubject {
  const record = RECORDS.find((candidate) => candidate.name === name);
  if (record === undefined) throw new Error(`no record ${name}`);
  return record;
}
