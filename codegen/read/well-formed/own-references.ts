/**
 * References that lead elsewhere than to a component: into another operation, as bundlers write them, from one path
 * to another, or to a component by a name that none may have. What they lead to becomes a component, since operations
 * move and go; a path gets what it refers to.
 */
import { pascalCase } from "../../derive/words.ts";
import { lookUp, type Document } from "../document.ts";
import { isObject, isText } from "../objects.ts";

/** Bounds chains of paths that refer to each other. */
const MOST_LINKS = 50;

/** The document itself where all its references lead to components; else a copy in which they do. */
export function withOwnReferences(document: Document): Document {
  const paths = Object.entries(document.paths).map(([path, item]) => [path, itemOf(document, item)] as const);
  const isSame = paths.every(([path, item]) => document.paths[path] === item);
  const whole = isSame ? document : { ...document, paths: Object.fromEntries(paths) as Document["paths"] };
  return hasForeign(whole) ? new Gatherer(whole).gathered() : whole;
}

/** A path item as it stands, or what its `$ref` leads to with its own members over it (OAS 3.0, path item object). */
function itemOf(document: Document, item: unknown): unknown {
  let current: unknown = item;
  for (let links = 0; isObject(current) && isText(current["$ref"]) && links < MOST_LINKS; links++) {
    const { $ref, ...own } = current;
    const target = lookUp(document, $ref as string);
    if (!isObject(target)) return current;
    current = { ...target, ...own };
  }
  return current;
}

/** The names that OpenAPI allows (3.0, 4.7.7): no other can be written by every generator. */
const COMPONENT = /^#\/components\/\w+\/[\w.-]+$/;

/** Whether anything below refers to what is no component. */
function hasForeign(root: unknown): boolean {
  const seen = new Set<unknown>();
  const open: unknown[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node === null || typeof node !== "object" || seen.has(node)) continue;
    seen.add(node);
    const ref = (node as { $ref?: unknown }).$ref;
    if (isText(ref) && !COMPONENT.test(ref)) return true;
    open.push(...Object.values(node));
  }
  return false;
}

type Section = "schemas" | "parameters" | "requestBodies" | "responses" | "headers";

/** The kind of what stands here, by the names above it: within a schema all are schemas. */
function sectionAt(trail: readonly string[]): Section {
  const [above, last] = trail.slice(-2);
  if (trail.includes("schema") || trail.includes("schemas")) return "schemas";
  if (last === "requestBody") return "requestBodies";
  const isHeld = (["parameters", "responses", "headers"] as const).find((section) => section === above);
  return isHeld ?? "schemas";
}

class Gatherer {
  readonly #document: Document;
  readonly #components: Record<string, Record<string, unknown>>;
  /** By section and pointer, the new component's own. */
  readonly #moved = new Map<string, string>();

  constructor(document: Document) {
    this.#document = document;
    this.#components = Object.fromEntries(
      Object.entries(isObject(document.components) ? document.components : {}).map(([section, entries]) => [
        section,
        isObject(entries) ? { ...entries } : entries,
      ]),
    );
  }

  gathered(): Document {
    const paths = this.#copy(this.#document.paths, ["paths"]) as Document["paths"];
    for (const [section, entries] of Object.entries(this.#document.components ?? {})) {
      const copies = this.#components[section];
      if (!isObject(entries) || copies === undefined) continue;
      for (const [name, entry] of Object.entries(entries))
        copies[name] = this.#copy(entry, ["components", section, name]);
    }
    return { ...this.#document, paths, components: this.#components };
  }

  #copy(node: unknown, trail: readonly string[]): unknown {
    if (Array.isArray(node)) return node.map((item) => this.#copy(item, [...trail, "[]"]));
    if (!isObject(node)) return node;
    const entries = Object.entries(node).map(([name, member]) => [
      name,
      name === "$ref" && isText(member)
        ? this.#pointer(member, sectionAt(trail))
        : this.#copy(member, [...trail, name]),
    ]);
    return Object.fromEntries(entries) as unknown;
  }

  /** The reference as it stands, or one to a component that holds what it leads to. */
  #pointer(ref: string, section: Section): string {
    const target = lookUp(this.#document, ref);
    if (COMPONENT.test(ref) || target === undefined) return ref;
    const key = `${section} ${ref}`;
    const known = this.#moved.get(key);
    if (known !== undefined) return known;
    const entries = (this.#components[section] ??= {});
    const name = unusedName(ref, entries);
    const pointer = `#/components/${section}/${name}`;
    this.#moved.set(key, pointer);
    entries[name] = {};
    entries[name] = this.#copy(target, ["components", section, name]);
    return pointer;
  }
}

/** Of the pointer's last steps, numbered where it is taken. */
function unusedName(ref: string, taken: Readonly<Record<string, unknown>>): string {
  const steps = /^#\/components\/\w+\/[^/]+$/.test(ref) ? ref.split("/").slice(-1) : ref.split("/").slice(-3);
  const name = pascalCase(steps.join("_")) || "Part";
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? name : `${name}${count}`;
    if (!Object.hasOwn(taken, candidate)) return candidate;
  }
}
