/** find_unused_keys: finds API keys and virtual keys of a workspace that no request used in the last days. */
import { readTime } from "../../catalog/times.ts";
import type { Json } from "../../catalog/json.ts";
import { DAY_MS, graphTotal, windowBefore, type AnalyticsWindow } from "../analytics/analytics-window.ts";
import type { Composite, CompositeContext } from "../composite.ts";
import { inParallel } from "../steps/in-parallel.ts";
import { readWholeNumber } from "../values/check-arguments.ts";
import { withoutUndefined, filterObjects, asText } from "../values/portkey-values.ts";

const defaultDays = 30;
const page = { current_page: 0, page_size: 100 };

/** The two kinds of keys: the tools that list and delete them, and the filter of the analytics that takes their ids. */
const KINDS = [
  { kind: "api_key", list: "list_api_keys", id: "id", filter: "api_key_ids", remove: "delete_api_key", argument: "id" },
  {
    kind: "virtual_key",
    list: "list_virtual_keys",
    id: "slug",
    filter: "virtual_keys",
    remove: "delete_virtual_key",
    argument: "slug",
  },
] as const;
type Kind = (typeof KINDS)[number];

export const composite: Composite<"find-unused-keys"> = async (args, context) => {
  const workspace = args.workspace_slug;
  const days = readWholeNumber("find_unused_keys", args, "days", { least: 1, most: 365, byDefault: defaultDays });
  const window = windowBefore(workspace, undefined, days);
  const lists = await inParallel(KINDS, async (kind) => {
    const found = await listKeys(context, kind, workspace);
    return found.map((key) => ({ kind, key }));
  });
  const listed = lists.flat();
  const keys = listed.filter(({ key }) => !isAdminKey(key));
  const requests = await inParallel(
    keys,
    ({ kind, key }) => graphTotal(context, "get_request_analytics", window, { [kind.filter]: String(key[kind.id]) }),
    (done) => context.progress(done, keys.length, `${done} of ${keys.length} keys`),
  );
  const unused = keys
    .filter((_key, index) => requests[index] === 0)
    .map(({ kind, key }) => describeKey(kind, key, window, context.isOwnKey?.(key["key"]) === true));
  return {
    workspace_slug: workspace,
    from: window.time_of_generation_min,
    to: window.time_of_generation_max,
    checked: Object.fromEntries(
      KINDS.map(({ kind }) => [`${kind}s`, keys.filter((entry) => entry.kind.kind === kind).length]),
    ),
    ...(keys.length < listed.length && {
      not_checked:
        `${listed.length - keys.length} keys of the organisation, ` +
        "whose use of the Admin API the analytics do not count",
    }),
    unused,
    ...(unused.length > 0 && {
      note:
        "Only requests through the gateway count: a key that is used for the Admin API alone shows as unused. " +
        "Ask its owner before deleting.",
    }),
  };
};

async function listKeys(context: CompositeContext, { list, id }: Kind, workspace: string): Promise<readonly Json[]> {
  const rows = filterObjects(await context.callAll(list, { ...page, workspace_id: workspace }));
  return rows.filter((row) => asText(row[id]) !== undefined);
}

function isAdminKey({ type }: Json): boolean {
  return typeof type === "string" && type.startsWith("organisation");
}

function describeKey(kind: Kind, key: Json, window: AnalyticsWindow, isOwn: boolean): Json {
  const { name, status, created_at: created, expires_at, type, user_id } = key;
  const createdAt = readTime(String(created)) ?? -Infinity;
  const isYoung = createdAt > Date.parse(window.time_of_generation_min);
  const daysAgo = Math.max(0, Math.floor((Date.now() - createdAt) / DAY_MS));
  return {
    kind: kind.kind,
    [kind.id]: key[kind.id],
    ...withoutUndefined({ name, type, status, user_id, created_at: created, expires_at }),
    ...(isYoung && { young: `made ${daysAgo} days ago, within the window` }),
    ...(isOwn
      ? { in_use_by_this_server: "This server works with this key: do not delete it." }
      : { remove_with: { tool: kind.remove, arguments: { [kind.argument]: key[kind.id] } } }),
  };
}
