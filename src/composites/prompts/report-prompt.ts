/** Publishes the version that was written or found, where desired, and makes the tool's result. */
import type { Json } from "../../catalog/json.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import type { CompositeResult } from "../composite.ts";
import type { Journal } from "../steps/journal.ts";
import type { FieldChange } from "../values/compare-fields.ts";
import { withoutUndefined } from "../values/portkey-values.ts";
import type { PromptPlace } from "./find-prompt.ts";
import { PROMPTS } from "./versions.ts";
import type { PromptState } from "./written-version.ts";

/** What was done to a prompt, and whether to publish it. */
export interface PromptOutcome {
  readonly action: "created" | "updated" | "unchanged";
  readonly place: PromptPlace;
  readonly slug: string | undefined;
  readonly changes: readonly FieldChange[];
  readonly publish: boolean;
}

/** Publishes the state's version where that is desired and it is not live, and returns the tool's result. */
export async function publishAndReport(
  journal: Journal,
  outcome: PromptOutcome,
  state: PromptState,
): Promise<CompositeResult> {
  const { promptId, version, published } = state;
  if (version === undefined) return resultWithoutNumber(outcome, state);
  const publication = { prompt_id: promptId, version };
  const live = version === published;
  const goesLive = outcome.publish && !live;
  if (goesLive) await journal.write(PROMPTS.publish, publication, () => publication);
  if (journal.planned.length > 0) return plannedResult(journal, outcome, state);
  return {
    action: outcome.action,
    ...promptFacts(outcome, state),
    published_version: goesLive ? version : published,
    ...(goesLive && published !== undefined && { previously_published: published }),
    published: live || goesLive,
    changes: outcome.changes,
    ...(!live && !goesLive && { next: { tool: PROMPTS.publish, arguments: publication } }),
  };
}

function plannedResult(journal: Journal, outcome: PromptOutcome, state: PromptState): CompositeResult {
  return {
    dry_run: true,
    action: outcome.action === "updated" ? "update" : outcome.action,
    ...promptFacts(outcome, state),
    published_version: state.published,
    changes: outcome.changes,
    would_send: journal.planned,
  };
}

/** The result where the number of the saved version is unknown: then it cannot be published. */
function resultWithoutNumber(outcome: PromptOutcome, state: PromptState): CompositeResult {
  const saved = state.versionId === undefined ? "The text was saved" : `The text was saved as ${state.versionId}`;
  const note = `${saved}. Which number that version has is not known: ${PROMPTS.list} does not show it yet.`;
  if (outcome.publish)
    throw new PortkeyMcpError("PORTKEY", `${note} So nothing was published.`, {
      tool: PROMPTS.list,
      prompt_id: state.promptId,
      ...withoutUndefined({ version_id: state.versionId }),
    });
  return {
    action: outcome.action,
    ...promptFacts(outcome, state),
    ...withoutUndefined({ published_version: state.published }),
    published: "not known",
    note,
    changes: outcome.changes,
    next: { tool: PROMPTS.list, arguments: { prompt_id: state.promptId } },
  };
}

function promptFacts({ slug, place }: PromptOutcome, { promptId, version, versionId }: PromptState): Json {
  return withoutUndefined({
    prompt_id: promptId,
    slug,
    name: place.name,
    collection_id: place.collection_id,
    version,
    version_id: version === undefined ? versionId : undefined,
  });
}
