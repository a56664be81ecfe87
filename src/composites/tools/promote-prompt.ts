/** promote_prompt: copies one version of a prompt into another environment's collection, and records its provenance. */
import type { Json } from "../../catalog/json.ts";
import type { Composite, CompositeContext } from "../composite.ts";
import { nameInEnvironment } from "../prompts/environment-names.ts";
import { callAgainHint, withJournal, type Journal } from "../steps/journal.ts";
import { refuseBlank } from "../values/check-arguments.ts";
import { splitSetting } from "../completion/metadata-rules.ts";
import { withoutUndefined, asNumber, readObject, asText } from "../values/portkey-values.ts";
import { readContent, type PromptContent } from "../prompts/prompt-content.ts";
import { newestVersion, PROMPTS, listVersions, resolveVersion } from "../prompts/versions.ts";
import { writePrompt } from "../prompts/write-prompt.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";

export const composite: Composite<"promote-prompt"> = (args, context) =>
  withJournal(context, callAgainHint("promote_prompt"), async (journal) => {
    const { target_collection_id, target_env, target_name, virtual_key, workspace_id, publish } = args;
    refuseBlank("promote_prompt", args, ["target_env", "target_name", "target_collection_id"]);
    const source = await readSource(journal, args.source_prompt_id, args.source_version);
    const content = readContent(source.flat);
    const key = asText(virtual_key) ?? asText(content.virtual_key);
    if (key === undefined)
      throw new PortkeyMcpError(
        "BAD_INPUT",
        "promote_prompt: the source names no virtual key. Pass virtual_key (list_providers).",
      );
    const name = asText(target_name) ?? nameInEnvironment(source.name, target_env, knownEnvironments(content, context));
    return writePrompt(
      context,
      journal,
      {
        place: { name, collection_id: target_collection_id, ...withoutUndefined({ workspace_id }) },
        content: wholeContent(content, key, target_env),
        provenance: {
          promoted_from: source.id,
          promoted_from_version: source.version,
          promoted_at: new Date().toISOString(),
        },
        versionDescription: `Promoted from ${source.name} version ${source.version}`,
        publish: publish === true,
        source: source.id,
      },
      { source: { prompt_id: source.id, name: source.name, version: source.version } },
    );
  });

interface Source {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly flat: Json;
}

/** Reads the source's version: the newest, unless a number or "published" is wanted. */
async function readSource(journal: Journal, promptId: string, wanted: unknown): Promise<Source> {
  const read = (tool: string, args: Json) => journal.read(tool, args);
  const published = readObject((await read("get_prompt", { prompt_id: promptId })).body);
  const id = asText(published["id"]) ?? promptId;
  const name = asText(published["name"]) ?? promptId;
  if (wanted === "published") return { id, name, version: asNumber(published["prompt_version"]) ?? 1, flat: published };
  const versions = await listVersions(PROMPTS, promptId, read);
  const { version, id: versionId } =
    wanted === undefined
      ? newestVersion(versions, PROMPTS, promptId)
      : resolveVersion(versions, wanted, PROMPTS, promptId);
  if (version === asNumber(published["prompt_version"])) return { id, name, version, flat: published };
  const answer = await read("get_prompt_version", { prompt_id: promptId, version_id: versionId ?? String(version) });
  return { id, name, version, flat: readObject(answer.body) };
}

/** Every field of the source; those it lacks are empty, so that an existing copy does not keep its own. */
function wholeContent(content: PromptContent, virtualKey: string, env: string): PromptContent {
  return {
    string: content.string ?? "",
    parameters: content.parameters ?? {},
    functions: content.functions ?? [],
    tools: content.tools ?? [],
    is_raw_template: content.is_raw_template ?? 0,
    ...withoutUndefined({ model: content.model, tool_choice: content.tool_choice }),
    virtual_key: virtualKey,
    template_metadata: { ...content.template_metadata, env },
  };
}

function knownEnvironments(content: PromptContent, { settings }: CompositeContext): string[] {
  const ownEnvironment = asText(content.template_metadata?.["env"]);
  return [
    ...(ownEnvironment === undefined ? [] : [ownEnvironment]),
    ...splitSetting(settings["PORTKEY_METADATA_ALLOWED_ENVS"]),
  ];
}
