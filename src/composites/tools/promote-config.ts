/** promote_config: a config into another workspace, what it refers to replaced by its counterparts there. */
import type { Json } from "../../catalog/json.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { changesBetween } from "../values/compare-fields.ts";
import type { Composite } from "../composite.ts";
import { checkConfig } from "../configs/config-rules.ts";
import { referencesIn, renameReferences } from "../configs/config-references.ts";
import { itemNamed } from "../steps/find-by-name.ts";
import { configBody, configRows, configSlug, readConfig, type FoundConfig } from "../configs/find-config.ts";
import { callAgainHint, withJournal } from "../steps/journal.ts";
import { mapReferences } from "../configs/map-references.ts";
import { unmappedReferences } from "../configs/unmapped-references.ts";
import { problemLine } from "../../portkey/request/problem.ts";
import type { Answer } from "../../portkey/port.ts";
import { withoutUndefined, itemsOf, membersOf, objectIn, textOf } from "../values/portkey-values.ts";

const TOOL = "promote_config";

export const composite: Composite = (args, context) =>
  withJournal(context, callAgainHint(TOOL), async (journal) => {
    const { slug, target_workspace_id: target } = args as { slug: string; target_workspace_id: string };
    const read = (tool: string, asked: Json) => journal.read(tool, asked);
    const source = await readSource(read, slug);
    const name = textOf(args["name"]) ?? source.name;
    if (name === undefined)
      throw new PortkeyMcpError("BAD_INPUT", `${TOOL}: Portkey does not say what ${slug} is called. Pass name.`);
    const mapped = await mapReferences(
      journal,
      referencesIn(source.config),
      { source: source.workspace, target },
      membersOf(args["mapping"]),
    );
    const config = renameReferences(
      source.config,
      ({ kind, slug: from }) => mapped.find((each) => each.kind === kind && each.slug === from)?.to ?? from,
    );
    const warnings = [...(await checkConfig(TOOL, config)), ...unmappedReferences(source.config).map(problemLine)];

    const row = itemNamed(await configRows(read, target), {
      what: "config",
      where: `workspace ${target}`,
      name,
      remove: "delete_config",
    });
    const there = textOf(row?.["slug"]) ?? textOf(row?.["id"]);
    if (there === slug)
      throw new PortkeyMcpError(
        "BAD_INPUT",
        `${TOOL}: the target is the source itself. Pass another target_workspace_id, or a name.`,
      );
    const mapping = mapped.map(({ kind, slug: from, to, by }) => ({ kind, from, to, by }));
    const facts = {
      source: slug,
      name,
      target_workspace_id: target,
      mapping,
      ...(warnings.length > 0 && { warnings }),
    };

    if (there !== undefined) {
      const changes = changesBetween(await configBody(read, there), config);
      if (changes.length === 0)
        return { action: "unchanged", slug: there, ...facts, ...(context.dryRun && { dry_run: true }) };
      await journal.write("update_config", { slug: there, config }, () => ({ slug: there }));
      if (context.dryRun)
        return { dry_run: true, action: "update", slug: there, ...facts, changes, would_send: journal.planned };
      return { action: "updated", slug: there, ...facts, changes };
    }
    const answer = await journal.write("create_config", { name, config, workspace_id: target }, ({ body }) =>
      withoutUndefined({ id: objectIn(body)["id"] }),
    );
    if (context.dryRun) return { dry_run: true, action: "create", ...facts, would_send: journal.planned };
    const created = objectIn(answer?.body);
    const newSlug = textOf(created["slug"]) ?? (await configSlug(journal.readUntil, created["id"], target));
    const note = "Its slug is not known: list_configs does not show it yet.";
    return { action: "created", ...(newSlug === undefined ? { note } : { slug: newSlug }), ...facts };
  });

/** The config with its name and workspace, which its list of versions tells where get_config does not. */
async function readSource(read: (tool: string, args: Json) => Promise<Answer>, slug: string): Promise<FoundConfig> {
  const found = await readConfig(read, slug);
  if (found.name !== undefined && found.workspace !== undefined) return found;
  const [row] = itemsOf((await read("list_config_versions", { slug })).body);
  const told = withoutUndefined({ name: textOf(row?.["name"]), workspace: textOf(row?.["workspace_id"]) });
  return { ...told, ...found };
}
