/**
 * Usage limits: reading the usage of each entity, and resetting it.
 */
import { ApiError } from "../http/api-error.ts";
import type { Handler } from "./call.ts";
import { updateEntity } from "./collections.ts";
import { applyFilters } from "../shapes/filters.ts";
import { pageOf } from "../shapes/paging.ts";
import { entityUsage, resetUsage } from "./policy-usage.ts";
import { viewOfJson } from "../shapes/views.ts";

const listEntities: Handler = (call) => {
  const views = entityUsage(call.world, call.entity()).map(({ id, valueKey, usage, status }) =>
    viewOfJson(id, { id, value_key: valueKey, name: valueKey, current_usage: usage, status }),
  );
  return { page: pageOf(call, applyFilters(call, views)) };
};

const resetEntity: Handler = (call) => {
  const policy = call.entity();
  const id = call.values[1] ?? "";
  if (!entityUsage(call.world, policy).some((each) => each.id === id))
    throw new ApiError(404, `The policy has no entity ${id}.`);
  resetUsage(call.world, policy, id);
  return { done: true };
};

const updateLimit: Handler = (call) => {
  const policy = call.entity();
  updateEntity(call, policy, call.fields);
  const value = call.fields["reset_usage_for_value"];
  for (const each of entityUsage(call.world, policy))
    if (each.valueKey === value) resetUsage(call.world, policy, each.id);
  return { done: true };
};

export const policyHandlers: Readonly<Record<string, Handler>> = {
  "PUT /policies/usage-limits/{}": updateLimit,
  "GET /policies/usage-limits/{}/entities": listEntities,
  "PUT /policies/usage-limits/{}/entities/{}/reset": resetEntity,
};
