/**
 * Usage limits: reads and resets the usage of each entity.
 */
import { ApiError } from "../http/api-error.ts";
import type { Handler } from "./call.ts";
import { updateEntity } from "./collections.ts";
import { applyFilters } from "../shapes/filters.ts";
import { takePage } from "../shapes/paging.ts";
import { computeUsage, resetUsage } from "./policy-usage.ts";
import { createJsonView } from "../shapes/views.ts";

const listEntities: Handler = (call) => {
  const views = computeUsage(call.world, call.entity()).map(({ id, valueKey, usage, status }) =>
    createJsonView(id, { id, value_key: valueKey, name: valueKey, current_usage: usage, status }),
  );
  return { page: takePage(call, applyFilters(call, views)) };
};

const resetEntity: Handler = (call) => {
  const policy = call.entity();
  const id = call.values[1] ?? "";
  if (!computeUsage(call.world, policy).some((entry) => entry.id === id))
    throw new ApiError(404, `The policy has no entity ${id}.`);
  resetUsage(call.world, policy, id);
  return { done: true };
};

const updateLimit: Handler = (call) => {
  const policy = call.entity();
  updateEntity(call, policy, call.fields);
  const value = call.fields["reset_usage_for_value"];
  for (const entry of computeUsage(call.world, policy))
    if (entry.valueKey === value) resetUsage(call.world, policy, entry.id);
  return { done: true };
};

export const policyHandlers: Readonly<Record<string, Handler>> = {
  "PUT /policies/usage-limits/{}": updateLimit,
  "GET /policies/usage-limits/{}/entities": listEntities,
  "PUT /policies/usage-limits/{}/entities/{}/reset": resetEntity,
};
