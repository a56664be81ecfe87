/** What is known of configs beyond their bodies: which slug an id has, what a config holds. */
import type { Json } from "../../catalog/json.ts";
import type { Answer } from "../../portkey/port.ts";
import { withoutUndefined, itemsOf, objectIn, parsedObject, textOf } from "../values/portkey-values.ts";

type Read = (tool: string, args: Json) => Promise<Answer>;

/** The rows of a workspace's configs; they come on one page. */
export async function configRows(read: Read, workspaceId: unknown): Promise<readonly Json[]> {
  return itemsOf((await read("list_configs", withoutUndefined({ workspace_id: workspaceId }))).body);
}

/** The slug of a new config, which is what requests name, and which Portkey's answer to its creation leaves out. */
export async function configSlug(read: Read, id: unknown, workspaceId: unknown): Promise<string | undefined> {
  return textOf((await configRows(read, workspaceId)).find((row) => row["id"] === id)?.["slug"]);
}

/** A config's body as an object, in whichever of its two forms Portkey answered. */
export async function configBody(read: Read, slug: string): Promise<Json> {
  return parsedObject(objectIn((await read("get_config", { slug })).body)["config"]) ?? {};
}
