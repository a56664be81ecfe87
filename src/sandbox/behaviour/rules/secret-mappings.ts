/**
 * The rule for integrations with fields from secret references: these must exist.
 */
import { notFound } from "../call.ts";
import { readObjects } from "../call.ts";
import type { Rule } from "./rule.ts";

export const secretMappingRule: Rule = {
  check: (call, body) => {
    for (const { secret_reference_id: reference } of readObjects(body, "secret_mappings")) {
      const found = call.world.store.find("/secret-references", String(reference));
      if (!found) throw notFound("/secret-references", String(reference));
    }
  },
};
