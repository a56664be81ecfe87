/**
 * API keys: limits, rotation, and the config that requests get.
 */
import { isObject } from "../../../catalog/json.ts";
import { notFound, type Call } from "../call.ts";
import { objectOf, type Json } from "../../json.ts";
import { checkRotation, completeRotation } from "./rotation.ts";
import type { Rule } from "./rule.ts";
import { checkLimits, keptLimits } from "./usage-limits.ts";

export const apiKeyRule: Rule = {
  check: (_call, body) => {
    checkLimits(body["usage_limits"]);
    checkRotation(body["rotation_policy"]);
  },
  keep: (call, body, key) => ({
    ...keptLimits(call, body),
    ...keptRotation(call, body["rotation_policy"]),
    ...keptDefaults(call, body["defaults"], objectOf(key?.fields["defaults"])),
  }),
};

function keptRotation(call: Call, policy: unknown): Json {
  if (policy !== null && !isObject(policy)) return {};
  return { rotation_policy: completeRotation(call.world.now(), policy) };
}

/** Defaults change one by one: what is not sent stays, and null takes away. A config is kept by its id. */
function keptDefaults(call: Call, sent: unknown, before: Json): Json {
  if (!isObject(sent)) return {};
  const config = sent["config_id"];
  if (typeof config !== "string") return { defaults: { ...before, ...sent } };
  const found = call.world.store.find("/configs", config);
  if (!found) throw notFound("/configs", config);
  call.ensureReach(found);
  return { defaults: { ...before, ...sent, config_id: found.id } };
}
