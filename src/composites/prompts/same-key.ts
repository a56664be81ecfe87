/** A provider's key has an id and a slug. Portkey answers the slug where the id was given: that is no difference. */
import type { Json } from "../../catalog/json.ts";
import { readOptional } from "../steps/read-optional.ts";
import type { Journal } from "../steps/journal.ts";
import type { FieldChange } from "../values/compare-fields.ts";
import { objectsIn, textOf, withoutUndefined } from "../values/portkey-values.ts";

const FIELD = "virtual_key";
const LISTS = ["list_providers", "list_virtual_keys"];
const page = { current_page: 0, page_size: 100 };

/** The changes without one of the key whose two values name the same key. The lists are read only where it changed. */
export async function withoutRenamedKey(
  journal: Journal,
  changes: readonly FieldChange[],
  workspaceId: unknown,
): Promise<readonly FieldChange[]> {
  const change = changes.find(({ field }) => field === FIELD);
  const [before, after] = [bare(change?.before), bare(change?.after)];
  if (before === undefined || after === undefined) return changes;
  const same = before === after || (await areOneKey(journal, [before, after], workspaceId));
  return same ? changes.filter((each) => each !== change) : changes;
}

async function areOneKey(journal: Journal, names: readonly string[], workspaceId: unknown): Promise<boolean> {
  for (const tool of LISTS) {
    const rows = await readOptional(
      () => journal.readAll(tool, { ...page, ...withoutUndefined({ workspace_id: workspaceId }) }),
      () => [],
    );
    if (objectsIn(rows).some((row) => names.every((name) => isCalled(row, name)))) return true;
  }
  return false;
}

function isCalled(row: Json, name: string): boolean {
  return row["id"] === name || row["slug"] === name;
}

/** Without the @ that may stand before a slug. */
function bare(value: unknown): string | undefined {
  return textOf(value)?.replace(/^@/, "");
}
