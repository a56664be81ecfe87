/** get_prompt: returns the published prompt as Portkey does, and adds its versions. */
import { isObject, type Json } from "../../catalog/json.ts";
import type { Answer } from "../../portkey/port.ts";
import type { Composite } from "../composite.ts";
import { readOptional } from "../steps/read-optional.ts";
import { withoutUndefined, asNumber, readObject } from "../values/portkey-values.ts";
import { PROMPTS, listVersions } from "../prompts/versions.ts";

/** How many versions are listed; older ones are counted. */
const mostVersions = 30;

export const composite: Composite<"get-prompt"> = async (args, context) => {
  const { body } = await context.call("get_prompt", args);
  if (!isObject(body)) return { answer: body };
  const published = asNumber(readObject(body)["prompt_version"]);
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
  const versions = await listVersions(PROMPTS, id, read);
  const [newest] = versions;
  // A list without the published version is out of date; its newest version is not used.
  const unpublished = newest !== undefined && newest.version > (published ?? 0);
  const content = unpublished
    ? readObject(
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
