/** promote_prompt: copies one version of a prompt into another environment's collection, and records its provenance. */
import type { Json } from "../../catalog/json.ts";
import type { Composite, CompositeContext } from "../composite.ts";
import { nameInEnvironment } from "../prompts/environment-names.ts";
import { callAgainHint, withJournal, type Journal } from "../steps/journal.ts";
import { refuseBlank } from "../values/check-arguments.ts";
import { listedValues } from "../completion/metadata-rules.ts";
import { withoutUndefined, numberOf, objectIn, textOf } from "../values/portkey-values.ts";
import { contentOf, type PromptContent } from "../prompts/prompt-content.ts";
import { newestOf, PROMPTS, versionsOf, resolveVersion } from "../prompts/versions.ts";
import { writePrompt } from "../prompts/write-prompt.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";

export const composite: Composite<"promote-prompt"> = (args, context) =>
  withJournal(context, callAgainHint("promote_prompt"), async (journal) => {
    const { target_collection_id, target_env, target_name, virtual_key, workspace_id, publish } = args;
    refuseBlank("promote_prompt", args, ["target_env", "target_name", "target_collection_id"]);
    const source = await readSource(journal, args.source_prompt_id, args.source_version);
    const content = contentOf(source.flat);
    const key = textOf(virtual_key) ?? textOf(content.virtual_key);
    if (key === undefined)
      throw new PortkeyMcpError(
        "BAD_INPUT",
        "promote_prompt: the source names no virtual key. Pass virtual_key (list_providers).",
      );
    const name = textOf(target_name) ?? nameInEnvironment(source.name, target_env, knownEnvironments(content, context));
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

/** The newest version unless a number or "published" is asked for. */
async function readSource(journal: Journal, promptId: string, wanted: unknown): Promise<Source> {
  const read = (tool: string, args: Json) => journal.read(tool, args);
  const published = objectIn((await read("get_prompt", { prompt_id: promptId })).body);
  const id = textOf(published["id"]) ?? promptId;
  const name = textOf(published["name"]) ?? promptId;
  if (wanted === "published") return { id, name, version: numberOf(published["prompt_version"]) ?? 1, flat: published };
  const versions = await versionsOf(PROMPTS, promptId, read);
  const { version, id: versionId } =
    wanted === undefined ? newestOf(versions, PROMPTS, promptId) : resolveVersion(versions, wanted, PROMPTS, promptId);
  if (version === numberOf(published["prompt_version"])) return { id, name, version, flat: published };
  const answer = await read("get_prompt_version", { prompt_id: promptId, version_id: versionId ?? String(version) });
  return { id, name, version, flat: objectIn(answer.body) };
}

/** Every field of the source, those it does not have included: the copy must not keep them from before. */
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
  const ownEnvironment = textOf(content.template_metadata?.["env"]);
  return [
    ...(ownEnvironment === undefined ? [] : [ownEnvironment]),
    ...listedValues(settings["PORTKEY_METADATA_ALLOWED_ENVS"]),
  ];
}
