/**
 * Reconciles a prompt with its desired content: creates it, adds a version, or leaves it as it is.
 * It compares with the newest version, published or not, so that the same call twice writes once.
 * The tools migrate_prompt and promote_prompt are built on it.
 */
import type { Json } from "../../catalog/json.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import type { CompositeContext, CompositeResult } from "../composite.ts";
import type { Journal } from "../steps/journal.ts";
import { flagOf, numberOf, objectIn, textOf, withoutUndefined } from "../values/portkey-values.ts";
import { findPrompt, type PromptPlace } from "./find-prompt.ts";
import {
  contentChanges,
  contentOf,
  createArguments,
  mergedContent,
  updateArguments,
  type PromptContent,
} from "./prompt-content.ts";
import { publishAndReport } from "./report-prompt.ts";
import { withoutRenamedKey } from "./same-key.ts";
import { newestOf, PROMPTS, versionsOf, type Version } from "./versions.ts";
import { stateAfterWrite, versionContent, writtenId, type PromptState } from "./written-version.ts";

export interface DesiredPrompt {
  readonly place: PromptPlace;
  readonly content: PromptContent;
  /** Metadata written with a new version, which by itself is no reason to make one. */
  readonly provenance?: Json;
  readonly versionDescription?: string | undefined;
  readonly publish: boolean;
  /** Must not be written to: the prompt that is copied. */
  readonly source?: string;
}

/** The answer of migrate_prompt and promote_prompt; `extra` is put first. */
export async function writePrompt(
  context: CompositeContext,
  journal: Journal,
  desired: DesiredPrompt,
  extra: Json = {},
): Promise<CompositeResult> {
  const row = await findPrompt(journal, desired.place);
  const id = textOf(row?.["id"]) ?? textOf(row?.["slug"]);
  if (id === undefined) return { ...extra, ...(await createPrompt(context, journal, desired)) };
  if (id === desired.source) {
    throw new PortkeyMcpError(
      "BAD_INPUT",
      `The target ${JSON.stringify(desired.place.name)} is the source itself. ` +
        "Give another target_name, target_env or target_collection_id.",
    );
  }
  return { ...extra, ...(await updatePrompt(context, journal, desired, row ?? {})) };
}

async function createPrompt(
  context: CompositeContext,
  journal: Journal,
  desired: DesiredPrompt,
): Promise<CompositeResult> {
  const { place, content, versionDescription, publish } = desired;
  const first = mergedContent(content, { template_metadata: desired.provenance ?? {} });
  const answer = await journal.write(
    "create_prompt",
    withoutUndefined({ ...place, ...createArguments(first), version_description: versionDescription }),
    ({ body }) => ({ prompt_id: objectIn(body)["id"] }),
  );
  if (context.dryRun) return plannedCreation(journal, desired);
  const created = objectIn(answer?.body);
  const id = textOf(created["id"]) ?? textOf(created["slug"]) ?? "";
  const written = { versionId: writtenId(PROMPTS, answer?.body), content: first, before: [] };
  const { live, ...state } = await stateAfterWrite(journal, id, written);
  // An API that does not know the flag at creation takes the text for a parsed template: a second version says it.
  const lostFlag = first.is_raw_template === 1 && live["string"] !== undefined && !flagOf(live["is_raw_template"]);
  const known = lostFlag
    ? await writeVersion(journal, id, first, { desired, before: await versionsHere(journal, id) })
    : state;
  return publishAndReport(
    journal,
    { action: "created", place, slug: textOf(created["slug"]), changes: [], publish },
    known,
  );
}

function plannedCreation(journal: Journal, { place, publish }: DesiredPrompt): CompositeResult {
  const note = "The first version of a prompt is live at once; publish_prompt follows only if it is not.";
  return {
    dry_run: true,
    action: "create",
    name: place.name,
    collection_id: place.collection_id,
    ...(publish && { note }),
    would_send: journal.planned,
  };
}

async function updatePrompt(
  context: CompositeContext,
  journal: Journal,
  desired: DesiredPrompt,
  row: Json,
): Promise<CompositeResult> {
  const id = textOf(row["id"]) ?? textOf(row["slug"]) ?? "";
  const before = await versionsHere(journal, id);
  const newest = newestOf(before, PROMPTS, id);
  const live = objectIn((await journal.read(PROMPTS.get, { prompt_id: id })).body);
  const published = numberOf(live["prompt_version"]);
  const current = contentOf(newest.version === published ? live : await versionContent(journal, id, newest));
  const provenance = desired.provenance ?? {};
  const different = contentChanges(current, desired.content, new Set(Object.keys(provenance)));
  const changes = await withoutRenamedKey(journal, different, desired.place.workspace_id);
  let state: PromptState = { promptId: id, version: newest.version, versionId: newest.id, published };
  if (changes.length > 0) {
    const content = mergedContent(current, mergedContent(desired.content, { template_metadata: provenance }));
    const written = await writeVersion(journal, id, content, { desired, before });
    state = context.dryRun ? { ...state, version: newest.version + 1 } : written;
  }
  const { place, publish } = desired;
  const action = changes.length > 0 ? "updated" : "unchanged";
  return publishAndReport(journal, { action, place, slug: textOf(row["slug"]), changes, publish }, state);
}

/** Writes the content as a new version, and finds out which one it became; in a dry run, it only plans. */
async function writeVersion(
  journal: Journal,
  id: string,
  content: PromptContent,
  { desired, before }: { readonly desired: DesiredPrompt; readonly before: readonly Version[] },
): Promise<PromptState> {
  const args = {
    prompt_id: id,
    ...updateArguments(content, desired.content),
    version_description: desired.versionDescription,
  };
  const answer = await journal.write("update_prompt", withoutUndefined(args), ({ body }) =>
    withoutUndefined({ prompt_id: id, version_id: writtenId(PROMPTS, body) }),
  );
  if (answer === undefined) return { promptId: id, version: undefined, versionId: undefined, published: undefined };
  const { live: _live, ...state } = await stateAfterWrite(journal, id, {
    versionId: writtenId(PROMPTS, answer.body),
    content,
    before,
  });
  return state;
}

function versionsHere(journal: Journal, id: string): Promise<readonly Version[]> {
  return versionsOf(PROMPTS, id, (tool, args) => journal.read(tool, args));
}
