/** Lists the versions of prompts and partials in one shape, and resolves a requested version such as "latest". */
import type { Json } from "../../catalog/json.ts";
import { clip } from "../../errors/clip.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import type { Answer } from "../../portkey/port.ts";
import { readTextAs } from "../../portkey/request/text-values.ts";
import { withoutUndefined, readItems, asNumber, readObject, asText } from "../values/portkey-values.ts";

type Read = (tool: string, args: Json) => Promise<Answer>;

export interface Version {
  readonly version: number;
  /** The id that `get_prompt_version` takes. */
  readonly id?: string;
  readonly description?: string;
  readonly label_id?: string;
  readonly created_at?: string;
  readonly status?: string;
}

/** The tools and members of one kind of versioned text: prompts and partials name the same things differently. */
export interface VersionedKind {
  readonly list: string;
  readonly get: string;
  readonly publish: string;
  /** The argument that names the prompt or partial. */
  readonly argument: string;
  readonly number: string;
  readonly id: readonly string[];
  /** Members of a write's answer that may hold the id of the new version. */
  readonly written: readonly string[];
  readonly description: readonly string[];
  readonly status: readonly string[];
}

export const PROMPTS: VersionedKind = {
  list: "list_prompt_versions",
  get: "get_prompt",
  publish: "publish_prompt",
  argument: "prompt_id",
  number: "prompt_version",
  id: ["id", "prompt_version_id"],
  written: ["prompt_version_id", "version_id"],
  description: ["prompt_description", "version_description", "prompt_version_description"],
  status: ["status", "prompt_version_status"],
};

export const PARTIALS: VersionedKind = {
  list: "list_partial_versions",
  get: "get_prompt_partial",
  publish: "publish_partial",
  argument: "prompt_partial_id",
  number: "version",
  id: ["prompt_partial_version_id", "version_id"],
  written: ["prompt_partial_version_id", "version_id"],
  description: ["description", "version_description"],
  status: ["prompt_version_status", "status"],
};

/** Every version, newest first. */
export async function listVersions(kind: VersionedKind, id: string, read: Read): Promise<readonly Version[]> {
  return readVersions(kind, (await read(kind.list, { [kind.argument]: id })).body);
}

/** Every version in a list's answer, newest first. */
export function readVersions(kind: VersionedKind, body: unknown): readonly Version[] {
  const versions = readItems(body).flatMap((entry) => {
    const version = asNumber(entry[kind.number]);
    return version === undefined ? [] : [toVersion(kind, entry, version)];
  });
  return versions.sort((a, b) => b.version - a.version);
}

/** The number of the published version, read from the prompt or partial itself. */
export async function readPublishedNumber(kind: VersionedKind, id: string, read: Read): Promise<number | undefined> {
  return asNumber(readObject((await read(kind.get, { [kind.argument]: id })).body)[kind.number]);
}

/** The newest version. Throws PORTKEY where the list is empty, which it is not for an existing prompt. */
export function newestVersion(versions: readonly Version[], kind: VersionedKind, id: string): Version {
  const [newest] = versions;
  if (newest === undefined)
    throw new PortkeyMcpError("PORTKEY", `${kind.list} answered no version of ${id}. Check the id.`, {
      tool: kind.list,
    });
  return newest;
}

/** The version's number, also given as the text of a JSON number; undefined for anything else. */
export function versionNumber(wanted: unknown): number | undefined {
  const { value } = readTextAs(wanted, ["number"]) ?? { value: wanted };
  return typeof value === "number" ? value : undefined;
}

/** The version for a number, a number as text, or "latest". Throws BAD_INPUT with the versions that exist. */
export function resolveVersion(
  versions: readonly Version[],
  wanted: unknown,
  kind: VersionedKind,
  id: string,
): Version {
  if (wanted === "latest") return newestVersion(versions, kind, id);
  const number = versionNumber(wanted);
  const found = versions.find(({ version }) => version === number);
  if (found !== undefined) return found;
  const shown = versions.slice(0, 20).map(({ version }) => version);
  const older = versions.length > 20 ? ` and ${versions.length - 20} older` : "";
  throw new PortkeyMcpError(
    "BAD_INPUT",
    `${id} has no version ${clip(JSON.stringify(wanted) ?? "")}; it has ${shown.join(", ") || "none"}${older}. ` +
      'Pass one of these numbers, or "latest".',
    { versions: shown },
  );
}

/** The version with that id in a list's answer. */
export function findVersionById(kind: VersionedKind, body: unknown, versionId: string): Version | undefined {
  const entries = readItems(body).filter((entry) => kind.id.some((name) => entry[name] === versionId));
  return readVersions(kind, entries)[0];
}

/** The first of these members that holds a text. */
export function firstText(entry: Json, names: readonly string[]): string | undefined {
  return names.map((name) => asText(entry[name])).find((text) => text !== undefined);
}

function toVersion(kind: VersionedKind, entry: Json, version: number): Version {
  const first = (names: readonly string[]) => firstText(entry, names);
  const facts = {
    id: first(kind.id),
    description: first(kind.description),
    label_id: asText(entry["label_id"]),
    created_at: asText(entry["created_at"]),
    status: first(kind.status),
  };
  return { version, ...withoutUndefined(facts) };
}
