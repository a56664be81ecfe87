/** create_config: checks the config before it is sent, and adds the slug, which requests need, to the answer. */
import { isObject, type Json } from "../../catalog/json.ts";
import type { Composite, CompositeContext } from "../composite.ts";
import { checkConfig } from "../configs/config-rules.ts";
import { configSlug } from "../configs/find-config.ts";
import { createReadUntil } from "../steps/read-repeatedly.ts";
import { readOptional } from "../steps/read-optional.ts";
import { readObject, asText } from "../values/portkey-values.ts";

export const composite: Composite<"create-config"> = async (args, context) => {
  const warnings = await checkConfig("create_config", args.config, context);
  const noted = warnings.length > 0 ? { warnings } : {};
  if (context.dryRun) return { dry_run: true, ...noted, would_send: [await context.plan("create_config", args)] };
  const { body } = await context.call("create_config", args);
  const created = readObject(body);
  const found = await readOptional(
    () => findSlug(context, created, args.workspace_id),
    (message) => ({ note: `Created. Its slug could not be read: ${message}` }),
  );
  return { ...(isObject(body) ? body : {}), ...found, ...noted };
};

async function findSlug(context: CompositeContext, created: Json, workspaceId: unknown): Promise<Json> {
  const slug = asText(created["slug"]) ?? (await configSlug(createReadUntil(context), created["id"], workspaceId));
  return slug === undefined ? { note: "Created. Its slug is not known: list_configs does not show it yet." } : { slug };
}
