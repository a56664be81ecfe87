/**
 * Says what to do about a refusal, by tool and status. The operation's own advice (`on_error` of its curation) comes
 * first, then that of the table by status, which finds helpful tools by their paths.
 * Only tools that the caller may call are named.
 */
import { findReader, findUpdater } from "../../catalog/readers.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import { PORTKEY, type Product } from "../product.ts";
import { listForArgument } from "../names/object-kinds.ts";
import { scopesText } from "./scopes-text.ts";

/** The call that a next step is for. */
export interface FailedStep {
  readonly record: ToolRecord;
  /** The catalogue's records; empty: no other tools are named. */
  readonly records: readonly ToolRecord[];
  /** The call's arguments by name. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly mayRead: (record: ToolRecord) => boolean;
  /** The names of the API and its settings; absent: Portkey's. */
  readonly product?: Product | undefined;
  /** The argument that the API's error names. */
  readonly param?: string | undefined;
}

type Step = (call: FailedStep) => string | undefined;

const correctArguments: Step = ({ record, param }) => {
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

const askForAccess: Step = (call) => {
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

const lookUp: Step = (call) => {
  const ids = idSources(call);
  if (ids !== "") return `Look up ${ids}, in the workspace that the key or workspace_id names.`;
  const reader = findReader(call.records, call.record, call.mayRead);
  return reader === undefined ? correctArguments(call) : `${reader.name} shows what there is.`;
};

const resolveConflict: Step = ({ record, records, mayRead }) => {
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

const raiseLimit: Step = ({ records, mayRead, record }) => {
  const limits = ["/policies/usage-limits", "/policies/rate-limits"].flatMap(
    (path) => findReader(records, { path }, mayRead)?.name ?? [],
  );
  const look = limits.length === 0 ? "" : ` ${limits.join(" and ")} show the policies;`;
  return (
    `Raise or reset the limit, or wait for its reset:${look} keys and providers have limits of their own. Then call ` +
    `${record.name} again.`
  );
};

/** The general advice by status. */
const STEPS: ReadonlyMap<number, Step> = new Map<number, Step>([
  [400, correctArguments],
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
  [403, askForAccess],
  [404, lookUp],
  [409, resolveConflict],
  [412, raiseLimit],
  [413, ({ record }) => `Send less at once with ${record.name}.`],
  [422, correctArguments],
  [429, ({ record }) => `Nothing was done: wait a little, then call ${record.name} again, with fewer calls at a time.`],
]);

/** The next step; undefined where the general meaning of the status is enough, empty where there is none. */
export function nextStep(status: number, call: FailedStep): string | undefined {
  if (call.records.length === 0) return undefined;
  const { risk, idempotent, onError } = call.record;
  // The call may have taken effect: the error already says to look before trying again.
  if (status >= 500 && risk !== "read" && !idempotent) return "";
  const own = onError?.[String(status)];
  const general = STEPS.get(status)?.(call);
  return own === undefined ? general : [own, general].filter(Boolean).join(" ");
}

/** The ids that the call gives, with the tools that list them: `prompt_id (list_prompts), …`. */
function idSources({ record, records, values, mayRead }: FailedStep): string {
  const sources = record.arguments.flatMap((argument) => {
    if (values[argument.name] === undefined) return [];
    const list = listForArgument(records, record, argument);
    return list === undefined || list.name === record.name || !mayRead(list) ? [] : [`${argument.name} (${list.name})`];
  });
  return [...new Set(sources)].join(", ");
}
