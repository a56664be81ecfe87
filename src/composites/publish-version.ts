/** Publishes a version of a prompt or partial by its number or as "latest", and says which one it replaced. */
import type { Json } from "../catalog/json.ts";
import type { Composite } from "./composite.ts";
import { readOptional } from "./read-optional.ts";
import { withoutUndefined, numberOf } from "./portkey-values.ts";
import { publishedNumber, versionsOf, resolveVersion, type VersionedKind } from "./versions.ts";

export function publishVersion(kind: VersionedKind): Composite {
  return async (args, context) => {
    const id = args[kind.argument] as string;
    const read = (tool: string, asked: Json) => context.call(tool, asked);
    const wanted = args["version"];
    const version =
      wanted === "latest" || numberOf(wanted) === undefined
        ? resolveVersion(await versionsOf(kind, id, read), wanted, kind, id).version
        : (numberOf(wanted) as number);
    // What was live before is worth knowing to roll back, and no condition for going on.
    const before = await readOptional(
      () => publishedNumber(kind, id, read),
      () => undefined,
    );
    const facts = { [kind.argument]: id, version };
    if (before === version)
      return { ...(context.dryRun && { dry_run: true }), action: "unchanged", ...facts, published_version: version };
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
    const back =
      before === undefined
        ? {}
        : {
            previously_published: before,
            roll_back: { tool: kind.publish, arguments: { [kind.argument]: id, version: before } },
          };
    return { action: "published", ...facts, published_version: version, ...back };
  };
}
