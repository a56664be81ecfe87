/** What is known of configs beyond their bodies: which slug an id has, what a config holds. */
import type { Json } from "../../catalog/json.ts";
import type { Answer } from "../../portkey/port.ts";
import type { ReadUntil } from "../steps/ask-again.ts";
import { withoutUndefined, itemsOf, objectIn, parsedObject, textOf } from "../values/portkey-values.ts";

export interface FoundConfig {
  readonly config: Json;
  readonly name?: string;
  /** Its workspace's UUID. */
  readonly workspace?: string;
}

type Read = (tool: string, args: Json) => Promise<Answer>;

/** The rows of a workspace's configs; they come on one page. */
export async function configRows(read: Read, workspaceId: unknown): Promise<readonly Json[]> {
  return itemsOf((await read("list_configs", withoutUndefined({ workspace_id: workspaceId }))).body);
}

/**
 * The slug of a new config, which is what requests name, and which Portkey's answer to its creation may leave out.
 * A list that is behind is asked again; undefined where it does not show the config in time.
 */
export async function configSlug(readUntil: ReadUntil, id: unknown, workspaceId: unknown): Promise<string | undefined> {
  if (textOf(id) === undefined) return undefined;
  return readUntil("list_configs", withoutUndefined({ workspace_id: workspaceId }), ({ body }) =>
    textOf(itemsOf(body).find((row) => row["id"] === id)?.["slug"]),
  );
}

/** A config's body as an object, in whichever of its two forms Portkey answered. */
export async function configBody(read: Read, slug: string): Promise<Json> {
  return (await readConfig(read, slug)).config;
}

/** A config as get_config answers it: its body, and its name and workspace where the answer has them. */
export async function readConfig(read: Read, slug: string): Promise<FoundConfig> {
  const found = objectIn((await read("get_config", { slug })).body);
  return {
    config: parsedObject(found["config"]) ?? {},
    ...withoutUndefined({ name: textOf(found["name"]), workspace: textOf(found["workspace_id"]) }),
  };
}
