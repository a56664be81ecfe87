/**
 * Finds the part of an update that fits the current document. Members of an object are checked one by one: a member
 * that contradicts the document is left out with a reason, and the others are merged. Of a list, the items that the
 * document lacks are added. Values that the document already has are not part of the result.
 */
import { canonical } from "./canonical.ts";
import { lookUp, type Document } from "./document.ts";
import { isObject } from "./objects.ts";
import type { Step } from "./overlay-place.ts";

export interface Fitted {
  /** The value to merge, as in `update` of an overlay action; undefined if there is nothing to merge. */
  readonly part: unknown;
  /** Members to remove before the merge, which would keep them beside their replacement. Steps below the target. */
  readonly replaced: readonly (readonly Step[])[];
  /** Members that do not fit, each with the reason. */
  readonly unfit: readonly string[];
}

interface Findings {
  readonly replaced: (readonly Step[])[];
  readonly unfit: string[];
}

export function fitUpdate(document: Document, before: unknown, update: unknown): Fitted {
  const missing = danglingIn(document, update);
  if (missing !== undefined) return { part: undefined, replaced: [], unfit: [missing] };
  const findings: Findings = { replaced: [], unfit: [] };
  return { part: partOf(before, update, [], findings), ...findings };
}

function partOf(before: unknown, update: unknown, at: readonly string[], findings: Findings): unknown {
  if (before === undefined) return update;
  const reason = contradiction(before, update, at.length === 0);
  if (reason !== undefined) {
    findings.unfit.push([...at, reason].join(": "));
    return undefined;
  }
  if (Array.isArray(before)) return itemsLacked(before, Array.isArray(update) ? update : [update], findings);
  if (canonical(before) === canonical(update)) return undefined;
  if (!isObject(before) || !isObject(update)) return update;
  if (isReference(update)) {
    findings.replaced.push(...Object.keys(before).map((name) => [...at, name]));
    return update;
  }
  const parts = Object.entries(update).map(([name, value]) => {
    const part = partOf(before[name], value, [...at, name], findings);
    return [name, part] as const;
  });
  const wanted = parts.filter(([, part]) => part !== undefined);
  return wanted.length > 0 ? Object.fromEntries(wanted) : undefined;
}

/** The items that the list lacks. A parameter that the list declares differently is not replaced. */
function itemsLacked(list: readonly unknown[], items: readonly unknown[], { unfit }: Findings): unknown {
  const present = new Set(list.map(canonical));
  const names = new Set(list.flatMap(parameterName));
  const added = items.filter((item) => !present.has(canonical(item)));
  const twice = added.flatMap(parameterName).filter((name) => names.has(name));
  unfit.push(...twice.map((name) => `the document declares the ${name} itself, otherwise`));
  const lacked = added.filter((item) => !parameterName(item).some((name) => names.has(name)));
  return lacked.length > 0 ? lacked : undefined;
}

function parameterName(item: unknown): string[] {
  return isObject(item) && typeof item["in"] === "string" ? [`${item["in"]} parameter ${String(item["name"])}`] : [];
}

/** Members that define a schema's form. An update with one of them does not fit a schema that has another one. */
const forms = ["$ref", "oneOf", "anyOf"] as const;

/** An update may replace the type of its target, on purpose. Deeper, a different type means that the field is newer. */
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

/** Whether the value is a reference. It replaces the whole value before it, since `$ref` has no sibling members. */
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

/** The reason, if the update has a `$ref` whose target is neither in the document nor in the update itself. */
function danglingIn(document: Document, update: unknown): string | undefined {
  const text = JSON.stringify(update) ?? "";
  const pointers = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, pointer]) => pointer as string);
  const missing = pointers.find((pointer) => {
    const name = pointer.split("/").at(-1) ?? "";
    return lookUp(document, pointer) === undefined && !text.includes(`${JSON.stringify(name)}:{`);
  });
  return missing && `${missing} is not in the document`;
}
