/** promote_config: a config into another workspace, what it refers to replaced by its counterparts there. */
import type { Json } from "../../catalog/json.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { changesBetween } from "../values/compare-fields.ts";
import type { Composite, CompositeContext, CompositeResult } from "../composite.ts";
import { checkConfig } from "../configs/config-rules.ts";
import { referencesIn, renameReferences } from "../configs/config-references.ts";
import { itemNamed } from "../steps/find-by-name.ts";
import { configBody, configRows, configSlug, readConfig, type FoundConfig } from "../configs/find-config.ts";
import { callAgainHint, withJournal, type Journal } from "../steps/journal.ts";
import { mapReferences } from "../configs/map-references.ts";
import { unmappedReferences } from "../configs/unmapped-references.ts";
import { problemLine } from "../../portkey/request/problem.ts";
import { withoutUndefined, itemsOf, membersOf, objectIn, textOf } from "../values/portkey-values.ts";

const TOOL = "promote_config";

export const composite: Composite<"promote-config"> = (args, context) =>
  withJournal(context, callAgainHint(TOOL), async (journal) => {
    const { slug, target_workspace_id: target } = args;
    const source = await readSource(journal, slug);
    const name = textOf(args.name) ?? source.name;
    if (name === undefined)
      throw new PortkeyMcpError("BAD_INPUT", `${TOOL}: Portkey does not say what ${slug} is called. Pass name.`);
    const { config, facts } = await translate(journal, source, { target, mapping: membersOf(args.mapping), context });
    const there = await findTarget(journal, { name, target });
    if (there === slug)
      throw new PortkeyMcpError(
        "BAD_INPUT",
        `${TOOL}: the target is the source itself. Pass another target_workspace_id, or a name.`,
      );
    const promotion = { name, target, config, facts: { source: slug, name, target_workspace_id: target, ...facts } };
    return there === undefined
      ? createTarget(journal, context, promotion)
      : updateTarget(journal, context, promotion, there);
  });

interface Promotion {
  readonly name: string;
  /** The target workspace's id. */
  readonly target: string;
  readonly config: Json;
  /** What every answer tells. */
  readonly facts: Json;
}

/** The source's config with what it refers to replaced, and what the answer tells about that. */
async function translate(
  journal: Journal,
  source: FoundConfig,
  { target, mapping, context }: { readonly target: string; readonly mapping: Json; readonly context: CompositeContext },
): Promise<{ config: Json; facts: Json }> {
  const workspaces = { source: source.workspace, target };
  const mapped = await mapReferences(journal, referencesIn(source.config), workspaces, mapping);
  const config = renameReferences(
    source.config,
    ({ kind, slug: from }) => mapped.find((each) => each.kind === kind && each.slug === from)?.to ?? from,
  );
  const warnings = [
    ...(await checkConfig(TOOL, config, context)),
    ...unmappedReferences(source.config).map(problemLine),
  ];
  const told = mapped.map(({ kind, slug: from, to, by }) => ({ kind, from, to, by }));
  return { config, facts: { mapping: told, ...(warnings.length > 0 && { warnings }) } };
}

/** The slug or id of the target workspace's config of that name. */
async function findTarget(
  journal: Journal,
  { name, target }: { readonly name: string; readonly target: string },
): Promise<string | undefined> {
  const row = itemNamed(await configRows((tool, asked) => journal.read(tool, asked), target), {
    what: "config",
    where: `workspace ${target}`,
    name,
    remove: "delete_config",
  });
  return textOf(row?.["slug"]) ?? textOf(row?.["id"]);
}

async function updateTarget(
  journal: Journal,
  { dryRun }: CompositeContext,
  { config, facts }: Promotion,
  slug: string,
): Promise<CompositeResult> {
  const changes = changesBetween(await configBody((tool, asked) => journal.read(tool, asked), slug), config);
  if (changes.length === 0) return { action: "unchanged", slug, ...facts, ...(dryRun && { dry_run: true }) };
  await journal.write("update_config", { slug, config }, () => ({ slug }));
  if (dryRun) return { dry_run: true, action: "update", slug, ...facts, changes, would_send: journal.planned };
  return { action: "updated", slug, ...facts, changes };
}

async function createTarget(
  journal: Journal,
  { dryRun }: CompositeContext,
  { name, target, config, facts }: Promotion,
): Promise<CompositeResult> {
  const answer = await journal.write("create_config", { name, config, workspace_id: target }, ({ body }) =>
    withoutUndefined({ id: objectIn(body)["id"] }),
  );
  if (dryRun) return { dry_run: true, action: "create", ...facts, would_send: journal.planned };
  const created = objectIn(answer?.body);
  const slug = textOf(created["slug"]) ?? (await configSlug(journal.readUntil, created["id"], target));
  const note = "Its slug is not known: list_configs does not show it yet.";
  return { action: "created", ...(slug === undefined ? { note } : { slug }), ...facts };
}

/** The config with its name and workspace, which its list of versions tells where get_config does not. */
async function readSource(journal: Journal, slug: string): Promise<FoundConfig> {
  const read = (tool: string, asked: Json) => journal.read(tool, asked);
  const found = await readConfig(read, slug);
  if (found.name !== undefined && found.workspace !== undefined) return found;
  const [row] = itemsOf((await read("list_config_versions", { slug })).body);
  const told = withoutUndefined({ name: textOf(row?.["name"]), workspace: textOf(row?.["workspace_id"]) });
  return { ...told, ...found };
}
