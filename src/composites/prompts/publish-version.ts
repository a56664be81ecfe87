/** Publishes a version of a prompt or partial by its number or as "latest", and says which one it replaced. */
import type { Json } from "../../catalog/json.ts";
import type { Composite } from "../composite.ts";
import { readOptional } from "../steps/read-optional.ts";
import { withoutUndefined, numberOf } from "../values/portkey-values.ts";
import { publishedNumber, versionsOf, resolveVersion, type VersionedKind } from "./versions.ts";

export function publishVersion(kind: VersionedKind): Composite {
  return async (args, context) => {
    const id = args[kind.argument] as string;
    const read = (tool: string, asked: Json) => context.call(tool, asked);
    const wanted = args["version"];
    // A number is sent as it is; anything else has to be looked up.
    const version = numberOf(wanted) ?? resolveVersion(await versionsOf(kind, id, read), wanted, kind, id).version;
    // The version that was live is for a roll back. Where it cannot be read, the publishing goes on.
    const before = await readOptional(
      () => publishedNumber(kind, id, read),
      () => undefined,
    );
    const facts = { [kind.argument]: id, version };
    if (before === version) {
      const unchanged = { action: "unchanged", ...facts, published_version: version };
      return context.dryRun ? { dry_run: true, ...unchanged } : unchanged;
    }
    const request = { ...args, version };
    if (context.dryRun) {
      return {
        dry_run: true,
        action: "publish",
        ...facts,
        ...withoutUndefined({ published_version: before }),
        would_send: [await context.plan(kind.publish, request)],
      };
    }
    await context.call(kind.publish, request);
    const published = { action: "published", ...facts, published_version: version };
    if (before === undefined) return published;
    const rollBack = { tool: kind.publish, arguments: { [kind.argument]: id, version: before } };
    return { ...published, previously_published: before, roll_back: rollBack };
  };
}
