/**
 * Fields of an integration that are filled from secret references, which must be there.
 */
import { notFound } from "../call.ts";
import { objectsIn } from "../call.ts";
import type { Rule } from "./rule.ts";

export const secretMappingRule: Rule = {
  check: (call, body) => {
    for (const { secret_reference_id: reference } of objectsIn(body, "secret_mappings")) {
      const found = call.world.store.find("/secret-references", String(reference));
      if (!found) throw notFound("/secret-references", String(reference));
    }
  },
};
