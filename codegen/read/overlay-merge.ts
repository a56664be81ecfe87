/**
 * How an update is merged: members of objects one by one, items of a list that it does not have yet after its own, and
 * anything else in place of what was there. Where that would make a schema contradict what the document says now, the
 * document's member stays, and the reason is told; the other members are merged.
 */
import { canonical } from "./canonical.ts";
import { lookUp, type Document } from "./document.ts";
import { isObject } from "./objects.ts";

export interface Merged {
  readonly value: unknown;
  /** Members that were not merged, each with the reason. */
  readonly unfit: readonly string[];
}

export function mergeUpdate(document: Document, before: unknown, update: unknown): Merged {
  const missing = danglingIn(document, update);
  if (missing !== undefined) return { value: before, unfit: [missing] };
  const unfit: string[] = [];
  return { value: merge(before, update, [], unfit), unfit };
}

function merge(before: unknown, update: unknown, at: readonly string[], unfit: string[]): unknown {
  if (before === undefined) return structuredClone(update);
  const reason = contradiction(before, update, at.length === 0);
  if (reason !== undefined) {
    unfit.push([...at, reason].join(": "));
    return before;
  }
  if (Array.isArray(before)) return withItems(before, Array.isArray(update) ? update : [update], unfit);
  if (!isObject(before) || !isObject(update) || isReference(update)) return structuredClone(update);
  const merged: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(update)) merged[name] = merge(before[name], value, [...at, name], unfit);
  return merged;
}

/** The list with the items that it lacks. A parameter that it declares otherwise stays as it is. */
function withItems(list: readonly unknown[], items: readonly unknown[], unfit: string[]): unknown[] {
  const present = new Set(list.map(canonical));
  const names = new Set(list.flatMap(parameterName));
  const added = items.filter((item) => !present.has(canonical(item)));
  const twice = added.flatMap(parameterName).filter((name) => names.has(name));
  unfit.push(...twice.map((name) => `the document declares the ${name} itself, otherwise`));
  return [...list, ...added.filter((item) => !parameterName(item).some((name) => names.has(name)))];
}

function parameterName(item: unknown): string[] {
  return isObject(item) && typeof item["in"] === "string" ? [`${item["in"]} parameter ${String(item["name"])}`] : [];
}

/** The members that define what a schema is; a correction that brings one does not fit a schema that has another. */
const forms = ["$ref", "oneOf", "anyOf"] as const;

/** At its target itself an update may replace the type: that is what it is for. Below, it would hit a newer field. */
function contradiction(before: unknown, update: unknown, atTarget: boolean): string | undefined {
  if (!isObject(before) || !isObject(update)) return undefined;
  if (isReference(update)) return hasStructure(before) ? "the document has a structure there now" : undefined;
  if (!isSchema(update)) return undefined;
  const form = forms.find((name) => name in before && !(name in update));
  if (form) return `the document has ${form} there now`;
  const newForm = forms.find((name) => name in update && !(name in before) && isSchema(before));
  if (newForm) return `${newForm} would stand beside another shape`;
  if (atTarget) return undefined;
  const [was, is] = [before["type"], update["type"]];
  if (typeof was === "string" && typeof is === "string" && was !== is) return `the document says ${was}, not ${is}`;
  if (isMapOnly(update) && isObject(before["properties"])) return "the document names its members now";
  if (isObject(update["properties"]) && isMapOnly(before)) return "the document has a map there now";
  return undefined;
}

/** A reference stands alone: it takes the place of what was there. */
function isReference(value: Record<string, unknown>): boolean {
  return typeof value["$ref"] === "string" && Object.keys(value).length === 1;
}

function isSchema(value: Record<string, unknown>): boolean {
  return typeof value["type"] === "string" || "allOf" in value || forms.some((form) => form in value);
}

function hasStructure(schema: Record<string, unknown>): boolean {
  return "properties" in schema || "items" in schema || "allOf" in schema || forms.some((form) => form in schema);
}

function isMapOnly(value: Record<string, unknown>): boolean {
  return isObject(value["additionalProperties"]) && !isObject(value["properties"]);
}

/** A reference of the update to what neither the document nor the update itself has. */
function danglingIn(document: Document, update: unknown): string | undefined {
  const text = JSON.stringify(update) ?? "";
  const pointers = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, pointer]) => pointer as string);
  const missing = pointers.find((pointer) => {
    const name = pointer.split("/").at(-1) ?? "";
    return lookUp(document, pointer) === undefined && !text.includes(`${JSON.stringify(name)}:{`);
  });
  return missing && `${missing} is not in the document`;
}
