/** get_prompt: the published prompt as Portkey answers it, and beside it where its versions stand. */
import { isObject, type Json } from "../../catalog/json.ts";
import type { Answer } from "../../portkey/port.ts";
import type { Composite } from "../composite.ts";
import { readOptional } from "../steps/read-optional.ts";
import { withoutUndefined, numberOf, objectIn } from "../values/portkey-values.ts";
import { PROMPTS, versionsOf } from "../prompts/versions.ts";

/** Older versions than these are counted. */
const mostVersions = 30;

export const composite: Composite<"get-prompt"> = async (args, context) => {
  const { body } = await context.call("get_prompt", args);
  if (!isObject(body)) return { answer: body };
  const published = numberOf(objectIn(body)["prompt_version"]);
  const versionFields = await readOptional(
    () => readVersionFields(args.prompt_id, published, (tool, asked) => context.call(tool, asked)),
    (message) => ({ published_version: published ?? null, versions_unread: message }),
  );
  return { ...body, ...versionFields };
};

async function readVersionFields(
  id: string,
  published: number | undefined,
  read: (tool: string, args: Json) => Promise<Answer>,
): Promise<Json> {
  const versions = await versionsOf(PROMPTS, id, read);
  const [newest] = versions;
  // A list that does not reach to the published version is behind, and its newest is none.
  const unpublished = newest !== undefined && newest.version > (published ?? 0);
  const content = unpublished
    ? objectIn(
        (await read("get_prompt_version", { prompt_id: id, version_id: newest.id ?? String(newest.version) })).body,
      )
    : undefined;
  return {
    published_version: published ?? null,
    newest_version: unpublished ? newest.version : (published ?? null),
    ...withoutUndefined({ newest: content }),
    versions: versions.slice(0, mostVersions),
    ...(versions.length > mostVersions && { versions_left_out: versions.length - mostVersions }),
  };
}
