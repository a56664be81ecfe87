/** migrate_prompt: creates a prompt in a collection, adds a version to it, or leaves it where nothing differs. */
import type { Composite } from "../composite.ts";
import { callAgainHint, withJournal } from "../steps/journal.ts";
import { refuseBlank } from "../values/check-arguments.ts";
import { withoutUndefined, asObject } from "../values/portkey-values.ts";
import { templateText, type PromptContent } from "../prompts/prompt-content.ts";
import { writePrompt } from "../prompts/write-prompt.ts";

export const composite: Composite<"migrate-prompt"> = async (args, context) => {
  refuseBlank("migrate_prompt", args, ["name", "collection_id", "virtual_key"]);
  const { name, collection_id, workspace_id, app, env, template, template_metadata, version_description, publish } =
    args;
  const { parameters, model, virtual_key, functions, tools, tool_choice } = args;
  const content = withoutUndefined({
    string: templateText("migrate_prompt", template),
    parameters,
    model,
    virtual_key,
    functions,
    tools,
    tool_choice,
    template_metadata: { ...asObject(template_metadata), ...withoutUndefined({ app, env }) },
  }) as PromptContent;
  const place = { name, collection_id, ...withoutUndefined({ workspace_id }) };
  return withJournal(context, callAgainHint("migrate_prompt"), (journal) =>
    writePrompt(context, journal, {
      place,
      content,
      versionDescription: version_description,
      publish: publish === true,
    }),
  );
};
