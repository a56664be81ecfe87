/** Rules about targets, and about a config as a whole, which is a target too. */
import type { Json } from "../../catalog/json.ts";
import { isObject } from "../../catalog/json.ts";
import { closestHint } from "../../errors/closest-name.ts";
import { asObject, asText } from "../values/portkey-values.ts";
import { hostProblem } from "./custom-host.ts";
import { PROVIDERS } from "./gateway-names.ts";
import { hasVertexPlace, isCallable, namesStored } from "./callable-target.ts";
import { asList, strategyMode, innerTargets, type Rule } from "./rule.ts";

const CHOOSING = new Set(["fallback", "loadbalance", "conditional"]);

export const targetRules: readonly Rule[] = [
  {
    about: "target",
    member: "targets",
    says: "the strategies fallback, loadbalance and conditional need targets, at least one",
    error: true,
    broken: (target) =>
      CHOOSING.has(strategyMode(target)) &&
      target["targets"] === undefined &&
      `must hold at least one target for the strategy ${strategyMode(target)}`,
  },
  {
    about: "target",
    member: "targets",
    says: "the strategies fallback, loadbalance and conditional need targets, at least one",
    broken: (target) =>
      isObject(target["strategy"]) &&
      innerTargets(target).length === 0 &&
      `holds no target, so the strategy ${strategyMode(target)} has none to choose`,
  },
  {
    about: "target",
    member: "targets",
    says: "of the targets of a loadbalance at least one has a weight above 0",
    broken: (target) =>
      strategyMode(target) === "loadbalance" &&
      innerTargets(target).length > 0 &&
      innerTargets(target).every((inner) => asObject(inner)["weight"] === 0) &&
      "all have the weight 0, so no target gets traffic",
  },
  {
    about: "target",
    member: "strategy",
    says: "targets need a strategy beside them, with its mode",
    broken: (target) =>
      innerTargets(target).length > 0 &&
      target["strategy"] === undefined &&
      "is missing beside targets, so none of them is chosen: say its mode",
  },
  {
    about: "target",
    member: "on_status_codes",
    says: "on_status_codes belongs into strategy",
    broken: (target) =>
      target["on_status_codes"] !== undefined &&
      "is not read here: put it into strategy, or every failure makes the fallback go on",
  },
  {
    about: "target",
    member: "",
    says: "it is never empty",
    broken: (target) => Object.keys(target).length === 0 && "is empty, which the gateway refuses",
  },
  {
    about: "target",
    member: "provider",
    says: "provider is @slug of a stored one, or the id of a company that the gateway knows",
    broken: (target) => {
      const provider = plainProvider(target);
      if (provider === undefined || PROVIDERS.includes(provider)) return false;
      const hint = closestHint(provider, PROVIDERS, "; a stored one is named by @ and its slug");
      return `is no provider that the gateway is known to have${hint}`;
    },
  },
  {
    about: "target",
    member: "provider",
    says: "vertex-ai by its plain id needs vertex_region, and vertex_project_id or vertex_service_account_json",
    broken: (target) =>
      plainProvider(target) === "vertex-ai" &&
      !namesStored(target) &&
      !hasVertexPlace(target) &&
      "vertex-ai needs vertex_region, and vertex_project_id or vertex_service_account_json",
  },
  {
    about: "target",
    member: "provider",
    says: "a provider by its plain id needs api_key beside it",
    broken: (target) =>
      plainProvider(target) !== undefined &&
      !isCallable(target) &&
      "is a plain id, which needs api_key beside it; name a stored provider as @slug (list_providers)",
  },
  {
    about: "target",
    member: "",
    says: "it names a provider, or has a strategy with targets",
    broken: (target) =>
      Object.keys(target).length > 0 &&
      target["provider"] === undefined &&
      target["strategy"] === undefined &&
      innerTargets(target).length === 0 &&
      !isCallable(target) &&
      "names nothing to call, which the gateway refuses: add provider as @slug, or a strategy with targets",
  },
  {
    about: "target",
    member: "custom_host",
    says: "custom_host is a public address, unless the installation trusts it",
    broken: (target) => {
      const why = asText(target["custom_host"]) === undefined ? undefined : hostProblem(String(target["custom_host"]));
      return why !== undefined && `${why}, which the gateway refuses unless your installation trusts it`;
    },
  },
  {
    about: "target",
    member: "forward_headers",
    says: "forward_headers leaves out x-portkey-forward-headers",
    broken: (target) =>
      asList(target["forward_headers"]).some((name) => /^x-portkey-forward-headers$/i.test(String(name))) &&
      "names x-portkey-forward-headers, which the gateway refuses to forward",
  },
];

/** The provider where it is a plain id, not the slug of a stored one. */
function plainProvider(target: Json): string | undefined {
  const provider = asText(target["provider"]);
  return provider?.startsWith("@") ? undefined : provider;
}
