/** Finds for each thing a config refers to its counterpart in another workspace. */
import type { Json } from "../../catalog/json.ts";
import { BOUNDS } from "../../errors/bounds.ts";
import { joinFirst } from "../../errors/clip.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { wordOrQuoted } from "../../errors/foreign-text.ts";
import type { Reference, ReferenceKind } from "./config-references.ts";
import { withoutEnvironment } from "../prompts/environment-names.ts";
import type { Journal } from "../steps/journal.ts";
import { withoutUndefined, objectsIn, textOf } from "../values/portkey-values.ts";

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
 * Every reference with its counterpart, from the first of these that gives exactly one: `mapping`, the same slug, the
 * same name, the same slug apart from its environment. BAD_INPUT lists the references without one, and what there is.
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
    const there = objectsIn(await journal.readAll(LISTS[kind], { ...page, workspace_id: workspaces.target }));
    // The source's list is read only where a name is needed.
    const target = indexOf(there);
    const needsNames = mine.some(({ slug }) => said(mapping, slug) === undefined && !target.byId.has(slug));
    const here = needsNames
      ? objectsIn(
          await journal.readAll(LISTS[kind], { ...page, ...withoutUndefined({ workspace_id: workspaces.source }) }),
        )
      : [];
    const source = indexOf(here);
    const shown = there.slice(0, BOUNDS.listed).map((item) => wordOrQuoted(slugOf(item), BOUNDS.echo));
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

/** Things of one kind, by what a reference may find them by; a thing stands under the first of an id. */
interface Index {
  readonly byId: ReadonlyMap<unknown, Json>;
  /** All of a name or a slug, as they are and without their environment. */
  readonly byName: ReadonlyMap<unknown, readonly Json[]>;
  readonly byBareSlug: ReadonlyMap<unknown, readonly Json[]>;
  readonly byBareName: ReadonlyMap<unknown, readonly Json[]>;
}

/** A config may hold thousands of references, and a workspace thousands of things: none is looked for one by one. */
function indexOf(items: readonly Json[]): Index {
  const ids = [...items].reverse().flatMap((item) => [item["id"], item["slug"]].map((id) => [id, item] as const));
  return {
    byId: new Map(ids),
    byName: grouped(items, (item) => textOf(item["name"])),
    byBareSlug: grouped(items, (item) => withoutEnvironment(slugOf(item))),
    byBareName: grouped(items, bareNameOf),
  };
}

function grouped(items: readonly Json[], keyOf: (item: Json) => string | undefined): Map<unknown, Json[]> {
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
  const told = said(mapping, slug);
  if (told !== undefined) return { ...reference, to: told, by: "mapping" };
  if (there.byId.has(slug)) return { ...reference, to: slug, by: "slug" };
  const source = here.byId.get(slug) ?? {};
  const ways: readonly [MappedReference["by"], readonly Json[] | undefined][] = [
    ["name", named(there.byName, textOf(source["name"]))],
    ["slug without environment", there.byBareSlug.get(withoutEnvironment(textOf(source["slug"]) ?? slug))],
    ["name without environment", named(there.byBareName, bareNameOf(source))],
  ];
  for (const [by, items = []] of ways) {
    const [found, ...others] = items;
    if (found !== undefined && others.length === 0) return { ...reference, to: slugOf(found), by };
  }
  return undefined;
}

/** What has no name is not found by that. */
function named(index: Index["byName"], name: string | undefined): readonly Json[] | undefined {
  return name === undefined ? undefined : index.get(name);
}

/** What the caller says a slug is called in the target; the @ before a provider's slug does not count. */
function said(mapping: Json, slug: string): string | undefined {
  return (textOf(mapping[slug]) ?? textOf(mapping[`@${slug}`]))?.replace(/^@/, "");
}

function bareNameOf(item: Json): string | undefined {
  const name = textOf(item["name"]);
  return name === undefined ? undefined : withoutEnvironment(name);
}

function slugOf(item: Json): string {
  return textOf(item["slug"]) ?? textOf(item["id"]) ?? "";
}
