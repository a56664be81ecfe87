/**
 * Finds the version that a write made. Portkey's answer has its id; publishing needs its number, which is looked up by
 * the id. The newest version may be another one: somebody else may have saved one, and a list may lag the write.
 */
import type { Json } from "../../catalog/json.ts";
import { undefinedIfMissing, type ReadUntil } from "../steps/read-repeatedly.ts";
import type { Journal } from "../steps/journal.ts";
import { asNumber, readObject } from "../values/portkey-values.ts";
import { contentChanges, readContent, type PromptContent } from "./prompt-content.ts";
import { firstText, PROMPTS, findVersionById, readVersions, type Version, type VersionedKind } from "./versions.ts";

/** A prompt's state after a write, as far as Portkey's reads show it. */
export interface PromptState {
  readonly promptId: string;
  /** The number of the written or found version; undefined where it is unknown. */
  readonly version: number | undefined;
  readonly versionId: string | undefined;
  /** The number of the version that is live. */
  readonly published: number | undefined;
}

/** Identifies a written version: by its id, or where the answer has none, as a new version with this content. */
export interface Written {
  readonly versionId: string | undefined;
  readonly content: PromptContent;
  readonly before: readonly Version[];
}

/** The id of the new version in a write's answer; undefined where it has none. */
export function readWrittenId(kind: VersionedKind, body: unknown): string | undefined {
  return firstText(readObject(body), kind.written);
}

/** The version with that id; the list is read repeatedly, undefined where it does not show the version in time. */
export function findWrittenVersion(
  kind: VersionedKind,
  id: string,
  versionId: string,
  readUntil: ReadUntil,
): Promise<Version | undefined> {
  return readUntil(kind.list, { [kind.argument]: id }, ({ body }) => findVersionById(kind, body, versionId));
}

/** The prompt's state after `written`, with the live version as get_prompt returns it. */
export async function readState(
  journal: Journal,
  promptId: string,
  written: Written,
): Promise<PromptState & { readonly live: Json }> {
  const { versionId } = written;
  const found = await (versionId === undefined
    ? findVersionByContent(journal, promptId, written)
    : findWrittenVersion(PROMPTS, promptId, versionId, journal.readUntil));
  const live = readObject((await undefinedIfMissing(() => journal.read("get_prompt", { prompt_id: promptId })))?.body);
  const published = asNumber(live["prompt_version"]);
  const isLive = versionId !== undefined && live["prompt_version_id"] === versionId;
  const version = found?.version ?? (isLive ? published : undefined);
  return { promptId, version, versionId: versionId ?? found?.id, published, live };
}

/** The newest version that did not exist before the write and has the written content. */
function findVersionByContent(journal: Journal, promptId: string, written: Written): Promise<Version | undefined> {
  const known = new Set(written.before.map(({ version }) => version));
  return journal.readUntil(PROMPTS.list, { prompt_id: promptId }, async ({ body }) => {
    for (const version of readVersions(PROMPTS, body).filter((entry) => !known.has(entry.version))) {
      const content = readContent(await readVersionContent(journal, promptId, version));
      if (contentChanges(content, written.content).length === 0) return version;
    }
    return undefined;
  });
}

/** A version as get_prompt_version returns it. */
export async function readVersionContent(journal: Journal, promptId: string, { id, version }: Version): Promise<Json> {
  const answer = await journal.read("get_prompt_version", { prompt_id: promptId, version_id: id ?? String(version) });
  return readObject(answer.body);
}
