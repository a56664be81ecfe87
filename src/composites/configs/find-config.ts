/** Reads configs, and finds the slug of a new one. */
import type { Json } from "../../catalog/json.ts";
import type { Answer } from "../../portkey/port.ts";
import type { ReadUntil } from "../steps/read-repeatedly.ts";
import { withoutUndefined, readItems, readObject, parseObject, asText } from "../values/portkey-values.ts";

export interface FoundConfig {
  readonly config: Json;
  readonly name?: string;
  /** The UUID of its workspace. */
  readonly workspace?: string;
}

type Read = (tool: string, args: Json) => Promise<Answer>;

/** The rows of a workspace's configs; the list is not paged. */
export async function configRows(read: Read, workspaceId: unknown): Promise<readonly Json[]> {
  return readItems((await read("list_configs", withoutUndefined({ workspace_id: workspaceId }))).body);
}

/**
 * The slug of a new config, which requests need and Portkey's answer to the creation may lack. The list may lag the
 * creation, so it is read repeatedly for some seconds; undefined where it does not show the config by then.
 */
export async function configSlug(readUntil: ReadUntil, id: unknown, workspaceId: unknown): Promise<string | undefined> {
  if (asText(id) === undefined) return undefined;
  return readUntil("list_configs", withoutUndefined({ workspace_id: workspaceId }), ({ body }) =>
    asText(readItems(body).find((row) => row["id"] === id)?.["slug"]),
  );
}

/** A config's body as an object; Portkey returns it as an object or as JSON text. */
export async function configBody(read: Read, slug: string): Promise<Json> {
  return (await readConfig(read, slug)).config;
}

/** A config as get_config returns it: its body, and its name and workspace where the answer has them. */
export async function readConfig(read: Read, slug: string): Promise<FoundConfig> {
  const found = readObject((await read("get_config", { slug })).body);
  return {
    config: parseObject(found["config"]) ?? {},
    ...withoutUndefined({ name: asText(found["name"]), workspace: asText(found["workspace_id"]) }),
  };
}
