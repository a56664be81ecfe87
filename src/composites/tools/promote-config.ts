/** promote_config: copies a config into another workspace, with its references mapped to their counterparts there. */
import type { Json } from "../../catalog/json.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { findChanges } from "../values/compare-fields.ts";
import type { Composite, CompositeContext, CompositeResult } from "../composite.ts";
import { checkConfig } from "../configs/config-rules.ts";
import { findReferences, renameReferences } from "../configs/config-references.ts";
import { findByName } from "../steps/find-by-name.ts";
import { configBody, configRows, configSlug, readConfig, type FoundConfig } from "../configs/find-config.ts";
import { callAgainHint, withJournal, type Journal } from "../steps/journal.ts";
import { mapReferences } from "../configs/map-references.ts";
import { unmappedReferences } from "../configs/unmapped-references.ts";
import { problemLine } from "../../portkey/request/problem.ts";
import { withoutUndefined, readItems, asObject, readObject, asText } from "../values/portkey-values.ts";

const TOOL = "promote_config";

export const composite: Composite<"promote-config"> = (args, context) =>
  withJournal(context, callAgainHint(TOOL), async (journal) => {
    const { slug, target_workspace_id: target } = args;
    const source = await readSource(journal, slug);
    const name = asText(args.name) ?? source.name;
    if (name === undefined)
      throw new PortkeyMcpError("BAD_INPUT", `${TOOL}: Portkey does not say what ${slug} is called. Pass name.`);
    const { config, facts } = await translate(journal, source, { target, mapping: asObject(args.mapping), context });
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
  /** Members of every result. */
  readonly facts: Json;
}

/** The source's config with its references mapped, and the result's members about the mapping. */
async function translate(
  journal: Journal,
  source: FoundConfig,
  { target, mapping, context }: { readonly target: string; readonly mapping: Json; readonly context: CompositeContext },
): Promise<{ config: Json; facts: Json }> {
  const workspaces = { source: source.workspace, target };
  const mapped = await mapReferences(journal, findReferences(source.config), workspaces, mapping);
  const config = renameReferences(
    source.config,
    ({ kind, slug: from }) => mapped.find((entry) => entry.kind === kind && entry.slug === from)?.to ?? from,
  );
  const warnings = [
    ...(await checkConfig(TOOL, config, context)),
    ...unmappedReferences(source.config).map(problemLine),
  ];
  const shownMapping = mapped.map(({ kind, slug: from, to, by }) => ({ kind, from, to, by }));
  return { config, facts: { mapping: shownMapping, ...(warnings.length > 0 && { warnings }) } };
}

/** The slug or id of the target workspace's config with that name; undefined where there is none. */
async function findTarget(
  journal: Journal,
  { name, target }: { readonly name: string; readonly target: string },
): Promise<string | undefined> {
  const row = findByName(await configRows((tool, asked) => journal.read(tool, asked), target), {
    what: "config",
    where: `workspace ${target}`,
    name,
    remove: "delete_config",
  });
  return asText(row?.["slug"]) ?? asText(row?.["id"]);
}

async function updateTarget(
  journal: Journal,
  { dryRun }: CompositeContext,
  { config, facts }: Promotion,
  slug: string,
): Promise<CompositeResult> {
  const changes = findChanges(await configBody((tool, asked) => journal.read(tool, asked), slug), config);
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
    withoutUndefined({ id: readObject(body)["id"] }),
  );
  if (dryRun) return { dry_run: true, action: "create", ...facts, would_send: journal.planned };
  const created = readObject(answer?.body);
  const slug = asText(created["slug"]) ?? (await configSlug(journal.readUntil, created["id"], target));
  const note = "Its slug is not known: list_configs does not show it yet.";
  return { action: "created", ...(slug === undefined ? { note } : { slug }), ...facts };
}

/** The config with its name and workspace; where get_config lacks these, its list of versions has them. */
async function readSource(journal: Journal, slug: string): Promise<FoundConfig> {
  const read = (tool: string, asked: Json) => journal.read(tool, asked);
  const found = await readConfig(read, slug);
  if (found.name !== undefined && found.workspace !== undefined) return found;
  const [row] = readItems((await read("list_config_versions", { slug })).body);
  const fromVersions = withoutUndefined({ name: asText(row?.["name"]), workspace: asText(row?.["workspace_id"]) });
  return { ...fromVersions, ...found };
}
