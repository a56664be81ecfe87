/** update_prompt: sends the arguments as given, and reports the new version and whether it is live. */
import { isObject, type Json } from "../../catalog/json.ts";
import type { Composite, CompositeContext } from "../composite.ts";
import { createReadUntil } from "../steps/read-repeatedly.ts";
import { readOptional } from "../steps/read-optional.ts";
import { withoutUndefined } from "../values/portkey-values.ts";
import { PROMPTS, readPublishedNumber, findVersionById, readVersions } from "../prompts/versions.ts";
import { readWrittenId } from "../prompts/written-version.ts";

export const composite: Composite<"update-prompt"> = async (args, context) => {
  const id = args.prompt_id;
  if (context.dryRun) return { dry_run: true, would_send: [await context.plan("update_prompt", args)] };
  const { body } = await context.call("update_prompt", args);
  const versionFields = await readOptional(
    () => readSavedVersion(context, id, body),
    (message) => ({ note: `Saved. Which version it is could not be read: ${message}` }),
  );
  return { ...(isObject(body) ? body : {}), action: "updated", prompt_id: id, ...versionFields };
};

/** The number of the saved version, by the id in Portkey's answer, and whether it is live. It is not guessed. */
async function readSavedVersion(context: CompositeContext, id: string, body: unknown): Promise<Json> {
  const versionId = readWrittenId(PROMPTS, body);
  const saved = await (versionId === undefined ? undefined : findSaved(context, id, versionId));
  const published = await readPublishedNumber(PROMPTS, id, (tool, asked) => context.call(tool, asked));
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

/** The number of the version with that id, and that of the newest, which may be somebody else's. */
function findSaved(context: CompositeContext, id: string, versionId: string) {
  return createReadUntil(context)(PROMPTS.list, { prompt_id: id }, ({ body }) => {
    const version = findVersionById(PROMPTS, body, versionId)?.version;
    return version === undefined ? undefined : { version, newest_version: readVersions(PROMPTS, body)[0]?.version };
  });
}
