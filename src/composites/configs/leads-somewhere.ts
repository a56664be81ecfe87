/** Whether a target leads anywhere: what the gateway demands before it takes one. */
import type { Json } from "../../catalog/json.ts";
import { membersOf, textOf } from "../values/portkey-values.ts";
import { KEYLESS } from "./gateway-names.ts";

/** Each of these alone makes the gateway take a target or a config. */
const WAYS: readonly ((target: Json) => boolean)[] = [
  namesStored,
  // The request may name the provider of a model.
  (target) => !has(target, "provider") && modelsOf(target).length > 0,
  (target) => has(target, "provider") && has(target, "api_key"),
  (target) => has(target, "strategy") && has(target, "targets"),
  (target) => SETTINGS.some((name) => Boolean(target[name])),
  (target) => KEYLESS.has(String(target["provider"])),
  (target) => Boolean(target["aws_access_key_id"]) && Boolean(target["aws_secret_access_key"]),
  (target) => target["provider"] === "vertex-ai" && hasVertexPlace(target),
  (target) =>
    target["provider"] === "azure-openai" && (has(target, "azure_auth_mode") || has(target, "azure_ad_token")),
];

/** With one of these a config may come without a provider, which the request then names. */
const SETTINGS: readonly string[] = [
  "cache",
  "retry",
  "request_timeout",
  "before_request_hooks",
  "after_request_hooks",
  "input_guardrails",
  "output_guardrails",
];

/** Whether the gateway finds something to call in a target, or takes it as settings alone. */
export function leadsSomewhere(target: Json): boolean {
  return WAYS.some((way) => way(target));
}

/** Whether it names a provider, key or prompt that Portkey stores. */
export function namesStored(target: Json): boolean {
  const names = [textOf(target["provider"]) ?? "", ...modelsOf(target)];
  const stored = has(target, "virtual_key") || has(target, "prompt_id") || target["passthrough"] === true;
  return stored || names.some((name) => name.startsWith("@"));
}

function modelsOf(target: Json): string[] {
  const params = [target["override_params"], target["default_params"]];
  return params.flatMap((each) => textOf(membersOf(each)["model"]) ?? []);
}

/** What vertex-ai needs beside a plain provider id. */
export function hasVertexPlace(target: Json): boolean {
  return (
    has(target, "vertex_region") && (has(target, "vertex_project_id") || has(target, "vertex_service_account_json"))
  );
}

function has(target: Json, name: string): boolean {
  return target[name] !== undefined && target[name] !== "";
}
