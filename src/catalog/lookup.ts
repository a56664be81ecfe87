/** The catalogue: finds tools by name or alias, lists those that a policy admits. Built once per process. */
import { closestNames } from "../errors/closest-name.ts";
import { decide } from "./decide.ts";
import { createRecentCache } from "./recent-cache.ts";
import type { Policy } from "./policy.ts";
import type { JsonSchema, ToolRecord } from "./record.ts";

/** A tool as tools/list shows it; `generated/portkey/catalogue.json` holds one per record, in the records' order. */
export interface ListedTool {
  readonly name: string;
  readonly title?: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  readonly outputSchema?: JsonSchema;
  readonly annotations?: Readonly<Record<string, unknown>>;
}

export interface FoundTool {
  readonly record: ToolRecord;
  /** The alias it was found by; absent where it was found by its name. */
  readonly alias?: string;
}

export interface Catalogue {
  readonly records: readonly ToolRecord[];
  find(name: string): FoundTool | undefined;
  /** The tool's entry in tools/list. */
  listed(name: string): ListedTool | undefined;
  /** Names and aliases close to `name`, closest first; empty where none is close. */
  closest(name: string): string[];
  /** The records a policy admits, in order; one array per policy key. */
  admitted(policy: Policy): readonly ToolRecord[];
  /** The entries of tools/list that a policy admits, as the text of a JSON array; made anew on each call. */
  list(policy: Policy): string;
}

/** Throws unless `listed` has the same tools in the same order as `records`: anything else is a broken build. */
export function createCatalogue(records: readonly ToolRecord[], listed: readonly ListedTool[]): Catalogue {
  if (records.length !== listed.length || records.some((record, index) => record.name !== listed[index]?.name)) {
    throw new Error(
      "generated/portkey/manifest.json and generated/portkey/catalogue.json disagree. Run: npm run generate",
    );
  }
  const byName = new Map<string, FoundTool>();
  for (const record of records) for (const alias of record.aliases) byName.set(alias, { record, alias });
  for (const record of records) byName.set(record.name, { record });
  const entries = new Map(listed.map((entry) => [entry.name, entry]));
  const recent = createRecentCache<readonly ToolRecord[]>();
  const admitted = (policy: Policy) =>
    isOpen(policy) ? records : recent(policy.key, () => records.filter((record) => decide(policy, record).allowed));

  return {
    records,
    find: (name) => byName.get(name),
    listed: (name) => entries.get(name),
    closest: (name) => closestNames(name, [...byName.keys()]),
    admitted,
    list: (policy) => (isOpen(policy) ? JSON.stringify(listed) : stringifyEntries(admitted(policy), entries)),
  };
}

/** Entries may refer to another tool ("as in create_prompt"); a reference to one that is not listed is replaced. */
function stringifyEntries(admitted: readonly ToolRecord[], entries: ReadonlyMap<string, ListedTool>): string {
  const names = new Set(admitted.map(({ name }) => name));
  const list = JSON.stringify([...names].map((name) => entries.get(name)));
  return list.replace(/\bas in (\w+)/g, (reference, name: string) =>
    names.has(name) ? reference : "as describe_tool says",
  );
}

/** Whether the policy restricts no tool at all: then no record has to be checked. */
function isOpen(policy: Policy): boolean {
  return (
    policy.domains === null &&
    (policy.writeDomains ?? null) === null &&
    policy.allow === null &&
    policy.deny.length === 0 &&
    !policy.readOnly &&
    (policy.within === undefined || isOpen(policy.within))
  );
}
