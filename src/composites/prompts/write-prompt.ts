/**
 * Reconciles a prompt with its desired content: creates it, adds a version, or leaves it as it is.
 * It compares with the newest version, published or not, so that the same call twice writes once.
 * The tools migrate_prompt and promote_prompt are built on it.
 */
import type { Json } from "../../catalog/json.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import type { CompositeContext, CompositeResult } from "../composite.ts";
import type { Journal } from "../steps/journal.ts";
import { asBoolean, asNumber, readObject, asText, withoutUndefined } from "../values/portkey-values.ts";
import { findPrompt, type PromptPlace } from "./find-prompt.ts";
import {
  contentChanges,
  readContent,
  createArguments,
  mergeContent,
  updateArguments,
  type PromptContent,
} from "./prompt-content.ts";
import { publishAndReport } from "./report-prompt.ts";
import { ignoreRenamedKey } from "./same-key.ts";
import { newestVersion, PROMPTS, listVersions, type Version } from "./versions.ts";
import { readState, readVersionContent, readWrittenId, type PromptState } from "./written-version.ts";

export interface DesiredPrompt {
  readonly place: PromptPlace;
  readonly content: PromptContent;
  /** Metadata to write with a new version; a difference in it alone does not make a new version. */
  readonly provenance?: Json;
  readonly versionDescription?: string | undefined;
  readonly publish: boolean;
  /** The id of the prompt that is copied, which must not be the target. */
  readonly source?: string;
}

/** Writes the prompt, and returns the result of migrate_prompt or promote_prompt, with the members of `extra` first. */
export async function writePrompt(
  context: CompositeContext,
  journal: Journal,
  desired: DesiredPrompt,
  extra: Json = {},
): Promise<CompositeResult> {
  const row = await findPrompt(journal, desired.place);
  const id = asText(row?.["id"]) ?? asText(row?.["slug"]);
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
  const first = mergeContent(content, { template_metadata: desired.provenance ?? {} });
  const answer = await journal.write(
    "create_prompt",
    withoutUndefined({ ...place, ...createArguments(first), version_description: versionDescription }),
    ({ body }) => ({ prompt_id: readObject(body)["id"] }),
  );
  if (context.dryRun) return plannedCreation(journal, desired);
  const created = readObject(answer?.body);
  const id = asText(created["id"]) ?? asText(created["slug"]) ?? "";
  const written = { versionId: readWrittenId(PROMPTS, answer?.body), content: first, before: [] };
  const { live, ...state } = await readState(journal, id, written);
  // Some deployments ignore the raw flag at creation; then a second version sets it.
  const lostFlag = first.is_raw_template === 1 && live["string"] !== undefined && !asBoolean(live["is_raw_template"]);
  const known = lostFlag
    ? await writeVersion(journal, id, first, { desired, before: await listPromptVersions(journal, id) })
    : state;
  return publishAndReport(
    journal,
    { action: "created", place, slug: asText(created["slug"]), changes: [], publish },
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
  const id = asText(row["id"]) ?? asText(row["slug"]) ?? "";
  const before = await listPromptVersions(journal, id);
  const newest = newestVersion(before, PROMPTS, id);
  const live = readObject((await journal.read(PROMPTS.get, { prompt_id: id })).body);
  const published = asNumber(live["prompt_version"]);
  const current = readContent(newest.version === published ? live : await readVersionContent(journal, id, newest));
  const provenance = desired.provenance ?? {};
  const different = contentChanges(current, desired.content, new Set(Object.keys(provenance)));
  const changes = await ignoreRenamedKey(journal, different, desired.place.workspace_id);
  let state: PromptState = { promptId: id, version: newest.version, versionId: newest.id, published };
  if (changes.length > 0) {
    const content = mergeContent(current, mergeContent(desired.content, { template_metadata: provenance }));
    const written = await writeVersion(journal, id, content, { desired, before });
    state = context.dryRun ? { ...state, version: newest.version + 1 } : written;
  }
  const { place, publish } = desired;
  const action = changes.length > 0 ? "updated" : "unchanged";
  return publishAndReport(journal, { action, place, slug: asText(row["slug"]), changes, publish }, state);
}

/** Writes the content as a new version, and finds its number; in a dry run, only plans the request. */
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
    withoutUndefined({ prompt_id: id, version_id: readWrittenId(PROMPTS, body) }),
  );
  if (answer === undefined) return { promptId: id, version: undefined, versionId: undefined, published: undefined };
  const { live: _live, ...state } = await readState(journal, id, {
    versionId: readWrittenId(PROMPTS, answer.body),
    content,
    before,
  });
  return state;
}

function listPromptVersions(journal: Journal, id: string): Promise<readonly Version[]> {
  return listVersions(PROMPTS, id, (tool, args) => journal.read(tool, args));
}
