/** update_config: checks the config before it is sent, and reports the changes field by field. */
import { isObject } from "../../catalog/json.ts";
import { findChanges } from "../values/compare-fields.ts";
import type { Composite } from "../composite.ts";
import { checkConfig } from "../configs/config-rules.ts";
import { configBody } from "../configs/find-config.ts";
import { readOptional } from "../steps/read-optional.ts";

export const composite: Composite<"update-config"> = async (args, context) => {
  const { slug, config } = args;
  const warnings = await checkConfig("update_config", config, context);
  const before =
    config === undefined
      ? undefined
      : await readOptional(
          () => configBody((tool, asked) => context.call(tool, asked), slug),
          () => undefined,
        );
  const noted = {
    ...(before !== undefined && { changes: findChanges(before, config) }),
    ...(warnings.length > 0 && { warnings }),
  };
  if (context.dryRun) return { dry_run: true, slug, ...noted, would_send: [await context.plan("update_config", args)] };
  const { body } = await context.call("update_config", args);
  return { ...(isObject(body) ? body : {}), action: "updated", slug, ...noted };
};
