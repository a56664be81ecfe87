/** update_prompt: sends what was given as it is, and says which version came of it and whether it is live. */
import { isObject, type Json } from "../../catalog/json.ts";
import type { Composite, CompositeContext } from "../composite.ts";
import { readUntilIn } from "../steps/ask-again.ts";
import { readOptional } from "../steps/read-optional.ts";
import { withoutUndefined } from "../values/portkey-values.ts";
import { PROMPTS, publishedNumber, versionOfId, versionsIn } from "../prompts/versions.ts";
import { writtenId } from "../prompts/written-version.ts";

export const composite: Composite<"update-prompt"> = async (args, context) => {
  const id = args.prompt_id;
  if (context.dryRun) return { dry_run: true, would_send: [await context.plan("update_prompt", args)] };
  const { body } = await context.call("update_prompt", args);
  const versionFields = await readOptional(
    () => savedVersion(context, id, body),
    (message) => ({ note: `Saved. Which version it is could not be read: ${message}` }),
  );
  return { ...(isObject(body) ? body : {}), action: "updated", prompt_id: id, ...versionFields };
};

/** The number of the version that Portkey's answer names, and whether it is live; never a number that is guessed. */
async function savedVersion(context: CompositeContext, id: string, body: unknown): Promise<Json> {
  const versionId = writtenId(PROMPTS, body);
  const saved = await (versionId === undefined ? undefined : findSaved(context, id, versionId));
  const published = await publishedNumber(PROMPTS, id, (tool, asked) => context.call(tool, asked));
  if (saved === undefined) {
    const why =
      versionId === undefined ? "Portkey's answer names none" : `${PROMPTS.list} does not show ${versionId} yet`;
    return {
      ...withoutUndefined({ published_version: published }),
      note: `Saved. Which version it is, is not known: ${why}.`,
      next: { tool: PROMPTS.list, arguments: { prompt_id: id } },
    };
  }
  const { version, newest_version } = saved;
  return {
    version,
    newest_version,
    ...withoutUndefined({ published_version: published }),
    ...(version !== published && { next: { tool: PROMPTS.publish, arguments: { prompt_id: id, version } } }),
  };
}

/** The version of that id, and the newest, which may be somebody else's. */
function findSaved(context: CompositeContext, id: string, versionId: string) {
  return readUntilIn(context)(PROMPTS.list, { prompt_id: id }, ({ body }) => {
    const version = versionOfId(PROMPTS, body, versionId)?.version;
    return version === undefined ? undefined : { version, newest_version: versionsIn(PROMPTS, body)[0]?.version };
  });
}
