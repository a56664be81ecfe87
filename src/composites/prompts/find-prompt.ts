/** Finds a prompt by its exact name in one collection, on any page of the list. */
import type { Json } from "../../catalog/json.ts";
import { findByName } from "../steps/find-by-name.ts";
import type { Journal } from "../steps/journal.ts";
import { withoutUndefined, readObject, filterObjects } from "../values/portkey-values.ts";

export interface PromptPlace {
  readonly name: string;
  /** UUID or slug. */
  readonly collection_id: string;
  readonly workspace_id?: unknown;
}

/** The largest page Portkey serves. */
const pageSize = 100;

/** The prompt's row of list_prompts; undefined where there is none. Throws BAD_INPUT where there are several. */
export async function findPrompt(
  journal: Journal,
  { name, collection_id, workspace_id }: PromptPlace,
): Promise<Json | undefined> {
  const rows = await journal.readAll(
    "list_prompts",
    withoutUndefined({ collection_id, workspace_id, page_size: pageSize, current_page: 0 }),
  );
  const named = filterObjects(rows).filter((row) => row["name"] === name);
  const here = await filterByCollection(journal, named, collection_id);
  return findByName(here, { what: "prompt", where: `collection ${collection_id}`, name, remove: "delete_prompt" });
}

/**
 * Drops prompts of other collections, in case the list ignores the filter.
 * Rows have the UUID of their collection, while `collectionId` may be a slug.
 */
async function filterByCollection(
  journal: Journal,
  rows: readonly Json[],
  collectionId: string,
): Promise<readonly Json[]> {
  const elsewhere = rows.filter(
    (row) => typeof row["collection_id"] === "string" && row["collection_id"] !== collectionId,
  );
  if (elsewhere.length === 0) return rows;
  const { id } = readObject((await journal.read("get_collection", { collection_id: collectionId })).body);
  const others = new Set(elsewhere);
  return rows.filter((row) => !others.has(row) || row["collection_id"] === id);
}
