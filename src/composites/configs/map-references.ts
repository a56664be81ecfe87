/** Maps each reference of a config to its counterpart in another workspace. */
import type { Json } from "../../catalog/json.ts";
import { BOUNDS } from "../../errors/bounds.ts";
import { joinFirst } from "../../errors/clip.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { wordOrQuoted } from "../../errors/foreign-text.ts";
import type { Reference, ReferenceKind } from "./config-references.ts";
import { withoutEnvironment } from "../prompts/environment-names.ts";
import type { Journal } from "../steps/journal.ts";
import { withoutUndefined, filterObjects, asText } from "../values/portkey-values.ts";

export interface MappedReference extends Reference {
  readonly to: string;
  /** How the counterpart was found. */
  readonly by: "mapping" | "slug" | "name" | "slug without environment" | "name without environment";
}

const LISTS: Readonly<Record<ReferenceKind, string>> = {
  provider: "list_providers",
  virtual_key: "list_virtual_keys",
  guardrail: "list_guardrails",
  prompt: "list_prompts",
};
const page = { current_page: 0, page_size: 100 };

/**
 * Every reference with its counterpart: by `mapping`, else the first of these that finds exactly one: the same slug,
 * the same name, the same slug or name without its environment.
 * Throws BAD_INPUT with the references that have none, and the objects that exist.
 */
export async function mapReferences(
  journal: Journal,
  references: readonly Reference[],
  workspaces: { readonly source?: string | undefined; readonly target: string },
  mapping: Json,
): Promise<MappedReference[]> {
  const mapped: MappedReference[] = [];
  const unresolved: string[] = [];
  for (const kind of new Set(references.map((reference) => reference.kind))) {
    const mine = references.filter((reference) => reference.kind === kind);
    const there = filterObjects(await journal.readAll(LISTS[kind], { ...page, workspace_id: workspaces.target }));
    // The source's list is read only where a name is needed.
    const target = createIndex(there);
    const needsNames = mine.some(({ slug }) => mappedSlug(mapping, slug) === undefined && !target.byId.has(slug));
    const here = needsNames
      ? filterObjects(
          await journal.readAll(LISTS[kind], { ...page, ...withoutUndefined({ workspace_id: workspaces.source }) }),
        )
      : [];
    const source = createIndex(here);
    const shown = there.slice(0, BOUNDS.listed).map((item) => wordOrQuoted(slugOrId(item), BOUNDS.echo));
    for (const reference of mine) {
      const found = counterpart(reference, mapping, source, target);
      const slug = wordOrQuoted(reference.slug, BOUNDS.echo);
      if (found === undefined) unresolved.push(`${kind} ${slug} (there is: ${shown.join(", ") || "none"})`);
      else mapped.push(found);
    }
  }
  if (unresolved.length === 0) return mapped;
  throw new PortkeyMcpError(
    "BAD_INPUT",
    `Nothing was written. The target workspace has no counterpart for ${joinFirst(unresolved, BOUNDS.listed, "; ")}. ` +
      'Say which to use in mapping, as {"slug in the source": "slug in the target"}, or create them first.',
    { unresolved },
  );
}

/** Objects of one kind, indexed for the look-up; of several with the same id or slug, the first one counts. */
interface Index {
  readonly byId: ReadonlyMap<unknown, Json>;
  /** All objects with a name; below, with a slug and a name without the environment. */
  readonly byName: ReadonlyMap<unknown, readonly Json[]>;
  readonly byBareSlug: ReadonlyMap<unknown, readonly Json[]>;
  readonly byBareName: ReadonlyMap<unknown, readonly Json[]>;
}

/** Indexes objects, since a config may have thousands of references and a workspace thousands of objects. */
function createIndex(items: readonly Json[]): Index {
  const ids = [...items].reverse().flatMap((item) => [item["id"], item["slug"]].map((id) => [id, item] as const));
  return {
    byId: new Map(ids),
    byName: groupBy(items, (item) => asText(item["name"])),
    byBareSlug: groupBy(items, (item) => withoutEnvironment(slugOrId(item))),
    byBareName: groupBy(items, bareName),
  };
}

function groupBy(items: readonly Json[], keyOf: (item: Json) => string | undefined): Map<unknown, Json[]> {
  const groups = new Map<unknown, Json[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

function counterpart(reference: Reference, mapping: Json, here: Index, there: Index): MappedReference | undefined {
  const { slug } = reference;
  const mapped = mappedSlug(mapping, slug);
  if (mapped !== undefined) return { ...reference, to: mapped, by: "mapping" };
  if (there.byId.has(slug)) return { ...reference, to: slug, by: "slug" };
  const source = here.byId.get(slug) ?? {};
  const ways: readonly [MappedReference["by"], readonly Json[] | undefined][] = [
    ["name", findNamed(there.byName, asText(source["name"]))],
    ["slug without environment", there.byBareSlug.get(withoutEnvironment(asText(source["slug"]) ?? slug))],
    ["name without environment", findNamed(there.byBareName, bareName(source))],
  ];
  for (const [by, items = []] of ways) {
    const [found, ...others] = items;
    if (found !== undefined && others.length === 0) return { ...reference, to: slugOrId(found), by };
  }
  return undefined;
}

/** The objects with this name; undefined where the source has no name. */
function findNamed(index: Index["byName"], name: string | undefined): readonly Json[] | undefined {
  return name === undefined ? undefined : index.get(name);
}

/** The caller's mapping of a slug; both sides may have the @ of a provider. */
function mappedSlug(mapping: Json, slug: string): string | undefined {
  return (asText(mapping[slug]) ?? asText(mapping[`@${slug}`]))?.replace(/^@/, "");
}

function bareName(item: Json): string | undefined {
  const name = asText(item["name"]);
  return name === undefined ? undefined : withoutEnvironment(name);
}

function slugOrId(item: Json): string {
  return asText(item["slug"]) ?? asText(item["id"]) ?? "";
}
