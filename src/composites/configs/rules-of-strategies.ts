/** Rules about the parts of a target: its strategy and conditions, its cache and retries. */
import { isObject, type Json } from "../../catalog/json.ts";
import { clip } from "../../errors/clip.ts";
import { asObject, asText } from "../values/portkey-values.ts";
import { asList, innerTargets, type Rule } from "./rule.ts";

const MODES = "single, loadbalance, fallback or conditional";
const HASHED = /^(metadata|params|headers)\./;

export const strategyRules: readonly Rule[] = [
  {
    about: "strategy",
    member: "mode",
    says: "mode is required",
    error: true,
    broken: (strategy) => asText(strategy["mode"]) === undefined && `is required: ${MODES}`,
  },
  {
    about: "strategy",
    member: "conditions",
    says: "conditional needs conditions, each {query, then}",
    error: true,
    broken: (strategy) =>
      strategy["mode"] === "conditional" &&
      strategy["conditions"] === undefined &&
      "must hold at least one {query, then} for the strategy conditional",
  },
  {
    about: "strategy",
    member: "default",
    says: "conditional needs a default, or a request that fits no condition fails",
    broken: (strategy) =>
      strategy["mode"] === "conditional" &&
      strategy["default"] === undefined &&
      "is missing: a request that fits no condition fails",
  },
  {
    about: "strategy",
    member: "default",
    says: "default is the name of one of the targets",
    broken: (strategy, target) => strategy["mode"] === "conditional" && namesNoTarget(strategy["default"], target),
  },
  {
    about: "condition",
    member: "query",
    says: "query is required",
    broken: (condition) => !isObject(condition["query"]) && "is missing: the gateway refuses a condition without it",
  },
  {
    about: "condition",
    member: "then",
    says: "then is required, the name of one of the targets",
    broken: (condition) => condition["then"] === undefined && "is missing: name a target",
  },
  {
    about: "condition",
    member: "then",
    says: "then is required, the name of one of the targets",
    broken: (condition, target) => namesNoTarget(condition["then"], target),
  },
  {
    about: "sticky",
    member: "enabled",
    says: "enabled is required",
    broken: (sticky) => sticky["enabled"] === undefined && "is missing: the gateway refuses sticky without it",
  },
  {
    about: "sticky",
    member: "hash_fields",
    says: "hash_fields begin with metadata., params. or headers.",
    broken: (sticky) =>
      asList(sticky["hash_fields"]).some((field) => !HASHED.test(String(field))) &&
      "must each begin with metadata., params. or headers.",
  },
  {
    about: "sticky",
    member: "ttl",
    says: "ttl is more than 0 seconds",
    broken: (sticky) => typeof sticky["ttl"] === "number" && sticky["ttl"] <= 0 && "must be more than 0 seconds",
  },
  {
    about: "cache",
    member: "mode",
    says: "mode is required, simple or semantic",
    broken: (cache) =>
      cache["mode"] === undefined && "is missing: the gateway refuses a cache without simple or semantic",
  },
  {
    about: "retry",
    member: "attempts",
    says: "attempts is required",
    broken: (retry) => retry["attempts"] === undefined && "is missing: the gateway refuses retry without it",
  },
];

function namesNoTarget(name: unknown, target: Json): string | false {
  if (typeof name !== "string") return false;
  return !targetNames(target).has(name) && `names ${JSON.stringify(clip(name))}, which is the name of no target`;
}

/** A cache of the names of a target's targets, since every condition is checked against them. */
const namesByTarget = new WeakMap<Json, ReadonlySet<unknown>>();

function targetNames(target: Json): ReadonlySet<unknown> {
  const names = namesByTarget.get(target) ?? new Set(innerTargets(target).map((inner) => asObject(inner)["name"]));
  namesByTarget.set(target, names);
  return names;
}
