/**
 * What to do about a refusal, for this tool and this status. An operation's own row (`on_error` of its curation) comes
 * first; then the table by status, which names the tools that help by their paths. Only tools of the catalogue that the
 * caller may call are named.
 */
import { findReader, findUpdater } from "../../catalog/readers.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import { PORTKEY, type Product } from "../product.ts";
import { listForArgument } from "../names/object-kinds.ts";
import { scopesText } from "./scopes-text.ts";

/** What a next step is made from. */
export interface FailedStep {
  readonly record: ToolRecord;
  /** The catalogue's; none: nothing is known of other tools. */
  readonly records: readonly ToolRecord[];
  /** The call's arguments by name. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly mayRead: (record: ToolRecord) => boolean;
  /** How the API and its settings are called; absent: as Portkey's. */
  readonly product?: Product | undefined;
  /** The argument that the API names. */
  readonly param?: string | undefined;
}

type Step = (call: FailedStep) => string | undefined;

const correct: Step = ({ record, param }) => {
  const known = record.arguments.some(({ name }) => name === param);
  const shown = known
    ? `describe_tool (name: "${record.name}", path: "${param}")`
    : `describe_tool (name: "${record.name}")`;
  const preview = record.risk === "read" ? "" : "; dry_run: true shows the request before it is sent";
  return (
    `Correct ${known ? param : "the arguments"} and call ${record.name} again: ${shown} says what each ` +
    `takes${preview}.`
  );
};

const withAccess: Step = (call) => {
  const { record } = call;
  const ids = idSources(call);
  const keys = findUpdater(call.records, { path: "/api-keys" })?.name;
  const by = keys === undefined ? "" : ` (${keys})`;
  const steps = [
    ...(record.scopes === "" ? [] : [`have the scope ${scopesText(record.scopes)} given to the key${by}`]),
    ...(ids === "" ? [] : [`look up ${ids}`]),
  ];
  if (steps.length === 0) return `Call ${record.name} again once the key may do it.`;
  const text = steps.join(", or ");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
};

const lookedUp: Step = (call) => {
  const ids = idSources(call);
  if (ids !== "") return `Look up ${ids}, in the workspace that the key or workspace_id names.`;
  const reader = findReader(call.records, call.record, call.mayRead);
  return reader === undefined ? correct(call) : `${reader.name} shows what there is.`;
};

const withoutConflict: Step = ({ record, records, mayRead }) => {
  const reader = findReader(records, record, mayRead)?.name;
  const shows = reader === undefined ? "" : ` (${reader} shows it)`;
  if (record.method === "DELETE") {
    return record.arguments.some(({ name }) => name === "force_delete")
      ? `force_delete: true deletes it with all that it holds; without it, remove that first${shows}.`
      : `Something still uses it${shows}: take it out of there, then call ${record.name} again.`;
  }
  if (record.risk === "create") {
    const updater = findUpdater(records, record)?.name;
    const change = updater === undefined ? "" : `, ${updater} changes it`;
    return reader === undefined
      ? `Call ${record.name} again with another name or slug.`
      : `${reader} shows the one that is there${change}; another name or slug makes a new one with ${record.name}.`;
  }
  return (
    `Read what stands there${reader === undefined ? "" : ` with ${reader}`}, then call ${record.name} again with ` +
    "what fits."
  );
};

const withinLimit: Step = ({ records, mayRead, record }) => {
  const limits = ["/policies/usage-limits", "/policies/rate-limits"].flatMap(
    (path) => findReader(records, { path }, mayRead)?.name ?? [],
  );
  const look = limits.length === 0 ? "" : ` ${limits.join(" and ")} show the policies;`;
  return (
    `Raise or reset the limit, or wait for its reset:${look} keys and providers have limits of their own. Then call ` +
    `${record.name} again.`
  );
};

/** By status. */
const STEPS: ReadonlyMap<number, Step> = new Map<number, Step>([
  [400, correct],
  [
    401,
    ({ record, product = PORTKEY }) =>
      `Have a valid ${product.credential} set for this ${product.name} deployment, then call ${record.name} again.`,
  ],
  [
    402,
    ({ record, product = PORTKEY }) =>
      `Have the plan or balance settled in ${product.name}, then call ${record.name} again. Nothing was done.`,
  ],
  [403, withAccess],
  [404, lookedUp],
  [409, withoutConflict],
  [412, withinLimit],
  [413, ({ record }) => `Send less at once with ${record.name}.`],
  [422, correct],
  [429, ({ record }) => `Nothing was done: wait a little, then call ${record.name} again, with fewer calls at a time.`],
]);

/** The next step; undefined where the status alone says it. */
export function nextStep(status: number, call: FailedStep): string | undefined {
  if (call.records.length === 0) return undefined;
  const { risk, idempotent, onError } = call.record;
  // What became of it is to be looked up before anything is tried again.
  if (status >= 500 && risk !== "read" && !idempotent) return "";
  const own = onError?.[String(status)];
  const general = STEPS.get(status)?.(call);
  return own === undefined ? general : [own, general].filter(Boolean).join(" ");
}

/** `prompt_id (list_prompts), workspace_id (list_workspaces)`: the ids of the call, and the tools that list them. */
function idSources({ record, records, values, mayRead }: FailedStep): string {
  const sources = record.arguments.flatMap((argument) => {
    if (values[argument.name] === undefined) return [];
    const list = listForArgument(records, record, argument);
    return list === undefined || list.name === record.name || !mayRead(list) ? [] : [`${argument.name} (${list.name})`];
  });
  return [...new Set(sources)].join(", ");
}
