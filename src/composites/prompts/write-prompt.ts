/**
 * Reconciles a prompt with its desired content: creates it, adds a version, or leaves it as it is.
 * It compares with the newest version, published or not, so that the same call twice writes once.
 * The tools migrate_prompt and promote_prompt are built on it.
 */
import type { Json } from "../../catalog/json.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import type { CompositeContext, CompositeResult } from "../composite.ts";
import type { FieldChange } from "../values/compare-fields.ts";
import { findPrompt, type PromptPlace } from "./find-prompt.ts";
import type { Journal } from "../steps/journal.ts";
import { withoutUndefined, numberOf, objectIn, textOf } from "../values/portkey-values.ts";
import {
  contentChanges,
  contentOf,
  createArguments,
  mergedContent,
  updateArguments,
  type PromptContent,
} from "./prompt-content.ts";
import { newestOf, PROMPTS, versionsOf, type Version } from "./versions.ts";

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

/** The prompt's versions as Portkey has them. */
interface PromptState {
  readonly promptId: string;
  readonly newest: number;
  readonly published: number | undefined;
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
  return { ...extra, ...(await updatePrompt(context, journal, desired, id, textOf(row?.["slug"]))) };
}

async function createPrompt(
  context: CompositeContext,
  journal: Journal,
  desired: DesiredPrompt,
): Promise<CompositeResult> {
  const { place, content, versionDescription } = desired;
  const first = mergedContent(content, { template_metadata: desired.provenance ?? {} });
  const answer = await journal.write(
    "create_prompt",
    withoutUndefined({ ...place, ...createArguments(first), version_description: versionDescription }),
    ({ body }) => ({ prompt_id: objectIn(body)["id"] }),
  );
  const created = objectIn(answer?.body);
  const id = textOf(created["id"]) ?? textOf(created["slug"]) ?? "ID_OF_THE_NEW_PROMPT";
  // A new prompt is always a parsed template, so a raw one takes a second version.
  if (first.is_raw_template === 1) await writeVersion(journal, id, first, desired);
  if (context.dryRun) {
    const text = "The first version of a prompt is live at once; publish_prompt follows only if it is not.";
    const note = desired.publish && first.is_raw_template !== 1 ? { note: text } : {};
    return {
      dry_run: true,
      action: "create",
      name: place.name,
      collection_id: place.collection_id,
      ...note,
      would_send: journal.planned,
    };
  }
  const state = await readBackVersion(journal, id);
  return publishAndReport(journal, "created", desired, state, textOf(created["slug"]), []);
}

async function updatePrompt(
  context: CompositeContext,
  journal: Journal,
  desired: DesiredPrompt,
  id: string,
  slug: string | undefined,
): Promise<CompositeResult> {
  const { newest, published, live } = await newestAndPublished(journal, id);
  const current = contentOf(newest.version === published ? live : await versionContent(journal, id, newest));
  const changes = contentChanges(current, desired.content, new Set(Object.keys(desired.provenance ?? {})));
  let state: PromptState = { promptId: id, newest: newest.version, published };
  if (changes.length > 0) {
    await writeVersion(
      journal,
      id,
      mergedContent(current, mergedContent(desired.content, { template_metadata: desired.provenance ?? {} })),
      desired,
    );
    state = context.dryRun ? { ...state, newest: newest.version + 1 } : await readBackVersion(journal, id);
  }
  return publishAndReport(journal, changes.length > 0 ? "updated" : "unchanged", desired, state, slug, changes);
}

async function writeVersion(
  journal: Journal,
  id: string,
  content: PromptContent,
  desired: DesiredPrompt,
): Promise<void> {
  const args = {
    prompt_id: id,
    ...updateArguments(content, desired.content),
    version_description: desired.versionDescription,
  };
  await journal.write("update_prompt", withoutUndefined(args), ({ body }) =>
    withoutUndefined({ prompt_id: id, version_id: objectIn(body)["prompt_version_id"] }),
  );
}

/** Reads the versions again after a write, because Portkey's answer to a write names no version number. */
async function readBackVersion(journal: Journal, id: string): Promise<PromptState> {
  const { newest, published } = await newestAndPublished(journal, id);
  return { promptId: id, newest: newest.version, published };
}

async function newestAndPublished(
  journal: Journal,
  id: string,
): Promise<{ newest: Version; published: number | undefined; live: Json }> {
  const newest = newestOf(await versionsOf(PROMPTS, id, (tool, args) => journal.read(tool, args)), PROMPTS, id);
  const live = objectIn((await journal.read("get_prompt", { prompt_id: id })).body);
  return { newest, published: numberOf(live["prompt_version"]), live };
}

async function versionContent(journal: Journal, id: string, { id: versionId, version }: Version): Promise<Json> {
  return objectIn(
    (await journal.read("get_prompt_version", { prompt_id: id, version_id: versionId ?? String(version) })).body,
  );
}

/** Publishes the newest version where that is desired and not yet done, and returns the tool's result. */
async function publishAndReport(
  journal: Journal,
  action: "created" | "updated" | "unchanged",
  desired: DesiredPrompt,
  { promptId, newest, published }: PromptState,
  slug: string | undefined,
  changes: readonly FieldChange[],
): Promise<CompositeResult> {
  const publication = { prompt_id: promptId, version: newest };
  const live = newest === published;
  const goesLive = desired.publish && !live;
  if (goesLive) await journal.write("publish_prompt", publication, () => publication);
  const facts = withoutUndefined({
    prompt_id: promptId,
    slug,
    name: desired.place.name,
    collection_id: desired.place.collection_id,
    version: newest,
  });
  if (journal.planned.length > 0) {
    return {
      dry_run: true,
      action: action === "updated" ? "update" : action,
      ...facts,
      published_version: published,
      changes,
      would_send: journal.planned,
    };
  }
  return {
    action,
    ...facts,
    published_version: goesLive ? newest : published,
    ...(goesLive && published !== undefined && { previously_published: published }),
    published: live || goesLive,
    changes,
    ...(!live && !goesLive && { next: { tool: "publish_prompt", arguments: publication } }),
  };
}
