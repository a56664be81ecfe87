/**
 * Converts references that do not point to a valid component: into another operation (as bundlers write them), from one
 * path to another, or to a component with an invalid name. Their targets become components, since operations may move
 * or disappear. A path that refers to another gets a copy of it.
 */
import { pascalCase } from "../../derive/words.ts";
import { lookUp, type Document } from "../document.ts";
import { isObject, isText } from "../objects.ts";

/** The longest chain of references between paths. */
const MOST_LINKS = 50;

/** The same document if all its references point to components, else a copy in which they do. */
export function withOwnReferences(document: Document): Document {
  const paths = Object.entries(document.paths).map(([path, item]) => [path, itemOf(document, item)] as const);
  const isSame = paths.every(([path, item]) => document.paths[path] === item);
  const whole = isSame ? document : { ...document, paths: Object.fromEntries(paths) as Document["paths"] };
  return hasForeign(whole) ? new Gatherer(whole).gathered() : whole;
}

/** A path item. One with a `$ref` gets the members of the target, overridden by its own (OAS 3.0, path item object). */
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

/** Valid references to components (OAS 3.0, 4.7.7). Some generators fail on other names. */
const COMPONENT = /^#\/components\/\w+\/[\w.-]+$/;

/** Whether anything in `root` has a reference that does not point to a component. */
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

/** The section for the object at `trail`, by the names on its path. Everything within a schema is a schema. */
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
  /** By section and old pointer, the pointer of the new component. */
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

  /** The reference unchanged, or a reference to a new component with the same content. */
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

/** A component name made from the last steps of the pointer, with a number if it is taken. */
function unusedName(ref: string, taken: Readonly<Record<string, unknown>>): string {
  const steps = /^#\/components\/\w+\/[^/]+$/.test(ref) ? ref.split("/").slice(-1) : ref.split("/").slice(-3);
  const name = pascalCase(steps.join("_")) || "Part";
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? name : `${name}${count}`;
    if (!Object.hasOwn(taken, candidate)) return candidate;
  }
}
