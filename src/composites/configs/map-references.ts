/** Finds for each thing a config refers to its counterpart in another workspace. */
import type { Json } from "../../catalog/json.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
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
    const needsNames = mine.some(
      ({ slug }) => said(mapping, slug) === undefined && !there.some((item) => isCalled(item, slug)),
    );
    const here = needsNames
      ? objectsIn(
          await journal.readAll(LISTS[kind], { ...page, ...withoutUndefined({ workspace_id: workspaces.source }) }),
        )
      : [];
    for (const reference of mine) {
      const found = counterpart(reference, mapping, here, there);
      if (found === undefined)
        unresolved.push(`${kind} ${reference.slug} (there is: ${there.map(slugOf).slice(0, 10).join(", ") || "none"})`);
      else mapped.push(found);
    }
  }
  if (unresolved.length === 0) return mapped;
  throw new PortkeyMcpError(
    "BAD_INPUT",
    `Nothing was written. The target workspace has no counterpart for ${unresolved.join("; ")}. ` +
      'Say which to use in mapping, as {"slug in the source": "slug in the target"}, or create them first.',
    { unresolved },
  );
}

function counterpart(
  reference: Reference,
  mapping: Json,
  here: readonly Json[],
  there: readonly Json[],
): MappedReference | undefined {
  const { slug } = reference;
  const told = said(mapping, slug);
  if (told !== undefined) return { ...reference, to: told, by: "mapping" };
  if (there.some((item) => isCalled(item, slug))) return { ...reference, to: slug, by: "slug" };
  const source = here.find((item) => isCalled(item, slug));
  const name = textOf(source?.["name"]);
  const bareSlug = withoutEnvironment(textOf(source?.["slug"]) ?? slug);
  const bareName = name === undefined ? undefined : withoutEnvironment(name);
  const ways: readonly [MappedReference["by"], (item: Json) => boolean][] = [
    ["name", (item) => name !== undefined && item["name"] === name],
    ["slug without environment", (item) => withoutEnvironment(slugOf(item)) === bareSlug],
    ["name without environment", (item) => bareName !== undefined && bareName === bareNameOf(item)],
  ];
  for (const [by, fits] of ways) {
    const [found, ...others] = there.filter(fits);
    if (found !== undefined && others.length === 0) return { ...reference, to: slugOf(found), by };
  }
  return undefined;
}

/** What the caller says a slug is called in the target; the @ before a provider's slug does not count. */
function said(mapping: Json, slug: string): string | undefined {
  return (textOf(mapping[slug]) ?? textOf(mapping[`@${slug}`]))?.replace(/^@/, "");
}

function bareNameOf(item: Json): string | undefined {
  const name = textOf(item["name"]);
  return name === undefined ? undefined : withoutEnvironment(name);
}

function isCalled(item: Json, slug: string): boolean {
  return item["slug"] === slug || item["id"] === slug;
}

function slugOf(item: Json): string {
  return textOf(item["slug"]) ?? textOf(item["id"]) ?? "";
}
