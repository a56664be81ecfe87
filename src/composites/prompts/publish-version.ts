/** Publishes a version of a prompt or partial by its number or as "latest", and reports the one that it replaced. */
import type { Json } from "../../catalog/json.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import type { Composite, CompositeContext } from "../composite.ts";
import { readRepeatedly } from "../steps/read-repeatedly.ts";
import { readOptional } from "../steps/read-optional.ts";
import { withoutUndefined } from "../values/portkey-values.ts";
import {
  readPublishedNumber,
  listVersions,
  resolveVersion,
  versionNumber,
  type Version,
  type VersionedKind,
} from "./versions.ts";

export function publishVersion(kind: VersionedKind): Composite {
  return async (args, context) => {
    const id = args[kind.argument] as string;
    const read = (tool: string, asked: Json) => context.call(tool, asked);
    const wanted = args["version"];
    // The live version, for a rollback. Where it cannot be read, the version is published all the same.
    const before = await readOptional(
      () => readPublishedNumber(kind, id, read),
      () => undefined,
    );
    // A number is sent as given; "latest" is looked up.
    const version =
      versionNumber(wanted) ?? resolveVersion(await versionsSince(context, kind, id, before), wanted, kind, id).version;
    const facts = { [kind.argument]: id, version };
    const request = { ...args, version };
    if (context.dryRun) {
      return {
        dry_run: true,
        action: before === version ? "unchanged" : "publish",
        ...facts,
        ...withoutUndefined({ published_version: before }),
        would_send: [await context.plan(kind.publish, request)],
      };
    }
    // Sent even where it seems to be live: that read may be out of date, and publishing again changes nothing.
    await context.call(kind.publish, request);
    const published = { action: before === version ? "unchanged" : "published", ...facts, published_version: version };
    if (before === undefined || before === version) return published;
    const rollBack = { tool: kind.publish, arguments: { [kind.argument]: id, version: before } };
    return { ...published, previously_published: before, roll_back: rollBack };
  };
}

/** Every version. A list without the published version is out of date: it is read again, and an error in the end. */
async function versionsSince(
  context: CompositeContext,
  kind: VersionedKind,
  id: string,
  published = 0,
): Promise<readonly Version[]> {
  const versions = await readRepeatedly(context, async () => {
    const all = await listVersions(kind, id, (tool, asked) => context.call(tool, asked));
    return (all[0]?.version ?? 0) >= published ? all : undefined;
  });
  if (versions !== undefined) return versions;
  throw new PortkeyMcpError(
    "PORTKEY",
    `${kind.list} is behind: it does not show version ${published}, which is live. So the latest is not known, and ` +
      "nothing was published. Call again, or pass a number.",
    { tool: kind.list, published_version: published },
  );
}
