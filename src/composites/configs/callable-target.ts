/** Checks whether a target has something to call, which the gateway requires. */
import type { Json } from "../../catalog/json.ts";
import { asObject, asText } from "../values/portkey-values.ts";
import { KEYLESS } from "./gateway-names.ts";

/** Each of these conditions alone makes the gateway accept a target or a config. */
const WAYS: readonly ((target: Json) => boolean)[] = [
  namesStored,
  // The request may name the provider of a model.
  (target) => !has(target, "provider") && readModels(target).length > 0,
  (target) => has(target, "provider") && has(target, "api_key"),
  (target) => has(target, "strategy") && has(target, "targets"),
  (target) => SETTINGS.some((name) => Boolean(target[name])),
  (target) => KEYLESS.has(String(target["provider"])),
  (target) => Boolean(target["aws_access_key_id"]) && Boolean(target["aws_secret_access_key"]),
  (target) => target["provider"] === "vertex-ai" && hasVertexPlace(target),
  (target) =>
    target["provider"] === "azure-openai" && (has(target, "azure_auth_mode") || has(target, "azure_ad_token")),
];

/** With one of these members, a config needs no provider: the request names it. */
const SETTINGS: readonly string[] = [
  "cache",
  "retry",
  "request_timeout",
  "before_request_hooks",
  "after_request_hooks",
  "input_guardrails",
  "output_guardrails",
];

/** Whether the gateway accepts a target: it has something to call, or consists of settings. */
export function isCallable(target: Json): boolean {
  return WAYS.some((way) => way(target));
}

/** Whether a target names a provider, key or prompt stored at Portkey. */
export function namesStored(target: Json): boolean {
  const names = [asText(target["provider"]) ?? "", ...readModels(target)];
  const stored = has(target, "virtual_key") || has(target, "prompt_id") || target["passthrough"] === true;
  return stored || names.some((name) => name.startsWith("@"));
}

function readModels(target: Json): string[] {
  const params = [target["override_params"], target["default_params"]];
  return params.flatMap((object) => asText(asObject(object)["model"]) ?? []);
}

/** Whether a target has the members that vertex-ai requires with a plain provider id. */
export function hasVertexPlace(target: Json): boolean {
  return (
    has(target, "vertex_region") && (has(target, "vertex_project_id") || has(target, "vertex_service_account_json"))
  );
}

function has(target: Json, name: string): boolean {
  return target[name] !== undefined && target[name] !== "";
}
