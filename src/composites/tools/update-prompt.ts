/** update_prompt: sends what was given as it is, and says which version came of it and whether it is live. */
import { isObject, type Json } from "../../catalog/json.ts";
import type { Composite } from "../composite.ts";
import { readOptional } from "../steps/read-optional.ts";
import { withoutUndefined } from "../values/portkey-values.ts";
import { newestOf, PROMPTS, publishedNumber, versionsOf } from "../prompts/versions.ts";

export const composite: Composite = async (args, context) => {
  const id = args["prompt_id"] as string;
  if (context.dryRun) return { dry_run: true, would_send: [await context.plan("update_prompt", args)] };
  const { body } = await context.call("update_prompt", args);
  const read = (tool: string, asked: Json) => context.call(tool, asked);
  const versionFields = await readOptional(
    async () => {
      const { version } = newestOf(await versionsOf(PROMPTS, id, read), PROMPTS, id);
      const published = await publishedNumber(PROMPTS, id, read);
      const next = { next: { tool: "publish_prompt", arguments: { prompt_id: id, version } } };
      return {
        ...withoutUndefined({ newest_version: version, published_version: published }),
        ...(version !== published && next),
      };
    },
    (message) => ({ note: `Saved. Which version it is could not be read: ${message}` }),
  );
  return { ...(isObject(body) ? body : {}), action: "updated", prompt_id: id, ...versionFields };
};
