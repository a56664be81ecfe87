/**
 * The rule for API keys: limits, rotation, and defaults such as the config of requests.
 */
import { isObject } from "../../../catalog/json.ts";
import { notFound, type Call } from "../call.ts";
import { asObject, type Json } from "../../json.ts";
import { checkRotation, completeRotation } from "./rotation.ts";
import type { Rule } from "./rule.ts";
import { checkLimits, storedLimits } from "./usage-limits.ts";

export const apiKeyRule: Rule = {
  check: (_call, body) => {
    checkLimits(body["usage_limits"]);
    checkRotation(body["rotation_policy"]);
  },
  keep: (call, body, key) => ({
    ...storedLimits(call, body),
    ...storedRotation(call, body["rotation_policy"]),
    ...storedDefaults(call, body["defaults"], asObject(key?.fields["defaults"])),
  }),
};

function storedRotation(call: Call, policy: unknown): Json {
  if (policy !== null && !isObject(policy)) return {};
  return { rotation_policy: completeRotation(call.world.now(), policy) };
}

/** Defaults are merged: absent ones stay, null clears. A config is stored by its id. */
function storedDefaults(call: Call, sent: unknown, before: Json): Json {
  if (!isObject(sent)) return {};
  const config = sent["config_id"];
  if (typeof config !== "string") return { defaults: { ...before, ...sent } };
  const found = call.world.store.find("/configs", config);
  if (!found) throw notFound("/configs", config);
  call.ensureReach(found);
  return { defaults: { ...before, ...sent, config_id: found.id } };
}
