/**
 * Computes the usage of each value of a usage limit from the log.
 */
import { groupRows, sumFigure, totalTokens } from "../traffic/figures.ts";
import { findDimension } from "../traffic/groups.ts";
import { uuid } from "../state/ids.ts";
import { ownEntry, asList, asObject } from "../json.ts";
import type { Entity } from "../state/store.ts";
import type { LogRow } from "../traffic/traffic.ts";
import type { World } from "../state/world.ts";

export interface EntityUsage {
  readonly id: string;
  /** The grouped values, joined: `gpt-4o` or `gpt-4o,production`. */
  readonly valueKey: string;
  /** Cents or tokens, by the policy's type. */
  readonly usage: number;
  readonly status: "active" | "exhausted";
}

const day = 86_400_000;
const periods: Readonly<Record<string, number>> = { weekly: 7 * day, monthly: 30 * day };

export function computeUsage(world: World, policy: Entity): EntityUsage[] {
  const { conditions, group_by, type, credit_limit, periodic_reset, workspace_id } = policy.fields;
  const resets = world.store.changes(`${policy.kind}#${policy.id}`);
  const slug = world.workspace(workspace_id)?.fields["slug"];
  const since = world.now() - (ownEntry(periods, String(periodic_reset)) ?? periods["monthly"] ?? 0);
  const groups = asList(group_by).map((entry) => String(asObject(entry)["key"]));
  const rows = world.traffic.rows.filter(
    (row) =>
      row.at >= since &&
      (slug === undefined || row.workspace === slug) &&
      asList(conditions).every((entry) => matchesCondition(row, asObject(entry)["key"], asObject(entry)["value"])),
  );
  return groupRows(rows, (row) => groups.map((key) => readDimension(row, key)).join(",")).map(([valueKey, group]) => {
    const id = uuid(`${policy.id}:${valueKey}`);
    const reset = Number(resets.get(id)?.["at"] ?? 0);
    const counted = group.filter((row) => row.at >= reset);
    const usage = sumFigure(counted, usageUnits(type));
    return { id, valueKey, usage, status: usage >= Number(credit_limit) ? "exhausted" : "active" };
  });
}

/** Returns a function for what one request adds to the usage, by the policy's type. */
function usageUnits(type: unknown): (row: LogRow) => number {
  if (type === "tokens") return totalTokens;
  if (type === "requests") return () => 1;
  return (row) => row.cost;
}

/** Resets a value's count to zero. */
export function resetUsage(world: World, policy: Entity, entityId: string): void {
  world.store.changes(`${policy.kind}#${policy.id}`).set(entityId, { at: world.now() });
}

function matchesCondition(row: LogRow, key: unknown, wanted: unknown): boolean {
  const value = readDimension(row, String(key));
  return Array.isArray(wanted) ? wanted.includes(value) : wanted === "*" || value === String(wanted);
}

function readDimension(row: LogRow, key: string): string {
  if (key.startsWith("metadata.")) return ownEntry(row.metadata, key.slice("metadata.".length)) ?? "";
  if (key === "workspace_id") return row.workspace;
  return findDimension(key)?.of(row) ?? "";
}
