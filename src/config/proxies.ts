/** The proxies of outgoing requests, from the usual variables HTTP_PROXY, HTTPS_PROXY and NO_PROXY. */
import type { Proxies, Proxy } from "../addresses/proxies.ts";
import type { Source } from "./read-settings.ts";
import type { Values } from "./setting.ts";
import { SETTINGS } from "./settings.ts";

type Given = Pick<Values<typeof SETTINGS>, "HTTPS_PROXY" | "HTTP_PROXY" | "NO_PROXY">;

/** Adds to `warnings` variables that are set and have no effect. */
export function proxiesOf(values: Given, { env }: Source, warnings: string[]): Proxies {
  const proxyOf = (name: "HTTPS_PROXY" | "HTTP_PROXY"): Proxy | undefined => {
    const url = values[name];
    return url === null ? undefined : Object.freeze({ setting: nameGiven(name, env), url });
  };
  for (const name of ["HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"] as const) {
    const [upper, lower] = [textOf(env, name), textOf(env, name.toLowerCase())];
    if (upper !== undefined && lower !== undefined && upper !== lower)
      warnings.push(`${name} and ${name.toLowerCase()} say different things. ${name} is used.`);
  }
  const [https, http] = [proxyOf("HTTPS_PROXY"), proxyOf("HTTP_PROXY")];
  const all = ["ALL_PROXY", "all_proxy"].find((name) => textOf(env, name) !== undefined);
  if (all !== undefined && https === undefined && http === undefined)
    warnings.push(`${all} is not read. Set HTTPS_PROXY where requests are to go through a proxy.`);
  return Object.freeze({ ...(https && { https }), ...(http && { http }), noProxy: values.NO_PROXY ?? "" });
}

function nameGiven(name: string, env: Source["env"]): string {
  return textOf(env, name) === undefined ? name.toLowerCase() : name;
}

function textOf(env: Source["env"], name: string): string | undefined {
  return Object.hasOwn(env, name) ? env[name]?.trim() || undefined : undefined;
}
