/**
 * Which version a write made. Portkey's answer has its id; the number that publishing takes is looked up by that id.
 * Never is the newest version taken for it: somebody else may have saved one, and a list may be behind the write.
 */
import type { Json } from "../../catalog/json.ts";
import { unlessMissing, type ReadUntil } from "../steps/ask-again.ts";
import type { Journal } from "../steps/journal.ts";
import { numberOf, objectIn } from "../values/portkey-values.ts";
import { contentChanges, contentOf, type PromptContent } from "./prompt-content.ts";
import { firstText, PROMPTS, versionOfId, versionsIn, type Version, type VersionedKind } from "./versions.ts";

/** Where a prompt stands after a write, as far as Portkey's reads tell. */
export interface PromptState {
  readonly promptId: string;
  /** The number of the version that this call is about; undefined where it is not known. */
  readonly version: number | undefined;
  readonly versionId: string | undefined;
  /** The number of the version that is live. */
  readonly published: number | undefined;
}

/** What identifies a written version: its id, or where the answer named none, that it is new and holds this. */
export interface Written {
  readonly versionId: string | undefined;
  readonly content: PromptContent;
  readonly before: readonly Version[];
}

/** The id of the version that a write made, by its answer; undefined where the answer names none. */
export function writtenId(kind: VersionedKind, body: unknown): string | undefined {
  return firstText(objectIn(body), kind.written);
}

/** The version of that id, waited for where the list is behind; undefined where the list does not show it in time. */
export function writtenVersion(
  kind: VersionedKind,
  id: string,
  versionId: string,
  readUntil: ReadUntil,
): Promise<Version | undefined> {
  return readUntil(kind.list, { [kind.argument]: id }, ({ body }) => versionOfId(kind, body, versionId));
}

/** Where a prompt stands after `written`, with the live version as get_prompt answers it. */
export async function stateAfterWrite(
  journal: Journal,
  promptId: string,
  written: Written,
): Promise<PromptState & { readonly live: Json }> {
  const { versionId } = written;
  const found = await (versionId === undefined
    ? versionOfContent(journal, promptId, written)
    : writtenVersion(PROMPTS, promptId, versionId, journal.readUntil));
  const live = objectIn((await unlessMissing(() => journal.read("get_prompt", { prompt_id: promptId })))?.body);
  const published = numberOf(live["prompt_version"]);
  const isLive = versionId !== undefined && live["prompt_version_id"] === versionId;
  const version = found?.version ?? (isLive ? published : undefined);
  return { promptId, version, versionId: versionId ?? found?.id, published, live };
}

/** The newest version that was not there before the write and holds what was written. */
function versionOfContent(journal: Journal, promptId: string, written: Written): Promise<Version | undefined> {
  const known = new Set(written.before.map(({ version }) => version));
  return journal.readUntil(PROMPTS.list, { prompt_id: promptId }, async ({ body }) => {
    for (const version of versionsIn(PROMPTS, body).filter((each) => !known.has(each.version))) {
      const content = contentOf(await versionContent(journal, promptId, version));
      if (contentChanges(content, written.content).length === 0) return version;
    }
    return undefined;
  });
}

/** A version as get_prompt_version answers it. */
export async function versionContent(journal: Journal, promptId: string, { id, version }: Version): Promise<Json> {
  const answer = await journal.read("get_prompt_version", { prompt_id: promptId, version_id: id ?? String(version) });
  return objectIn(answer.body);
}
