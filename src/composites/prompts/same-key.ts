/** Recognises the same key by its id and its slug: Portkey returns the slug where the id was written. */
import type { Json } from "../../catalog/json.ts";
import { readOptional } from "../steps/read-optional.ts";
import type { Journal } from "../steps/journal.ts";
import type { FieldChange } from "../values/compare-fields.ts";
import { filterObjects, asText, withoutUndefined } from "../values/portkey-values.ts";

const FIELD = "virtual_key";
const LISTS = ["list_providers", "list_virtual_keys"];
const page = { current_page: 0, page_size: 100 };

/** The changes without that of the key, if both values name the same key. Reads lists only where the key differs. */
export async function ignoreRenamedKey(
  journal: Journal,
  changes: readonly FieldChange[],
  workspaceId: unknown,
): Promise<readonly FieldChange[]> {
  const change = changes.find(({ field }) => field === FIELD);
  const [before, after] = [withoutAt(change?.before), withoutAt(change?.after)];
  if (before === undefined || after === undefined) return changes;
  const same = before === after || (await areOneKey(journal, [before, after], workspaceId));
  return same ? changes.filter((other) => other !== change) : changes;
}

async function areOneKey(journal: Journal, names: readonly string[], workspaceId: unknown): Promise<boolean> {
  for (const tool of LISTS) {
    const rows = await readOptional(
      () => journal.readAll(tool, { ...page, ...withoutUndefined({ workspace_id: workspaceId }) }),
      () => [],
    );
    if (filterObjects(rows).some((row) => names.every((name) => isCalled(row, name)))) return true;
  }
  return false;
}

function isCalled(row: Json, name: string): boolean {
  return row["id"] === name || row["slug"] === name;
}

/** The slug without a leading @. */
function withoutAt(value: unknown): string | undefined {
  return asText(value)?.replace(/^@/, "");
}
