/** create_config: the whole config, checked before it is sent; the answer has the slug that requests name. */
import { isObject } from "../../catalog/json.ts";
import type { Composite } from "../composite.ts";
import { checkConfig } from "../configs/config-rules.ts";
import { configSlug } from "../configs/find-config.ts";
import { readOptional } from "../steps/read-optional.ts";
import { withoutUndefined, objectIn, textOf } from "../values/portkey-values.ts";

export const composite: Composite = async (args, context) => {
  const warnings = checkConfig("create_config", args["config"]);
  const noted = warnings.length > 0 ? { warnings } : {};
  if (context.dryRun) return { dry_run: true, ...noted, would_send: [await context.plan("create_config", args)] };
  const { body } = await context.call("create_config", args);
  const created = objectIn(body);
  const slug = textOf(created["slug"]);
  const found =
    slug === undefined
      ? await readOptional(
          async () =>
            withoutUndefined({
              slug: await configSlug((tool, asked) => context.call(tool, asked), created["id"], args["workspace_id"]),
            }),
          (message) => ({ note: `Created. Its slug could not be read: ${message}` }),
        )
      : { slug };
  return { ...(isObject(body) ? body : {}), ...found, ...noted };
};
