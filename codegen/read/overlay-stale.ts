/** Finds the reason why a correction's target is not in the document: mended, moved or gone. */
import { distance } from "fastest-levenshtein";
import { paths as jsonPaths, query } from "jsonpathly";
import type { Document } from "./document.ts";
import { isObject } from "./objects.ts";
import type { LeftOut, OverlayAction } from "./overlay-action.ts";

type Reason = Pick<LeftOut, "kind" | "why">;

export function whyNothing(document: Document, { target, remove }: OverlayAction): Reason {
  const { found, missing } = splitTarget(document, target);
  if (missing === undefined) return { kind: "gone", why: "nothing in the document is like that" };
  const holder = query(document, found, { hideExceptions: true }) as unknown;
  if (isObject(holder) && "$ref" in holder) return { kind: "moved", why: `it stands in ${String(holder["$ref"])} now` };
  const closest = found === "$.paths" ? closestPath(document, missing) : undefined;
  if (closest) return { kind: "moved", why: `${missing} is not there; the closest is ${closest}` };
  const isMember =
    found !== "$.paths" && !found.startsWith("$.components.schemas") ? true : found.split(".").length > 3;
  if (remove && isMember && remaining(target, found) === 1)
    return { kind: "mended", why: `${missing} is not there any more` };
  return { kind: "gone", why: `${missing} is not there` };
}

/** The longest prefix of a target that the document has, and the name of the next member. */
function splitTarget(document: Document, target: string): { found: string; missing?: string } {
  if (target.includes("..")) return { found: "$" };
  const steps = target.match(/\.[\w-]+|\[[^\]]*\]/g) ?? [];
  let found = "$";
  for (const step of steps) {
    if (jsonPaths(document, found + step, { hideExceptions: true }).length === 0)
      return { found, missing: step.replace(/^\.|^\['?|'?\]$/g, "") };
    found += step;
  }
  return { found };
}

/** The number of steps of the target that the document lacks. */
function remaining(target: string, found: string): number {
  return (target.slice(found.length).match(/\.[\w-]+|\[[^\]]*\]/g) ?? []).length;
}

function closestPath(document: Document, path: string): string | undefined {
  const shape = (text: string) => text.replace(/\{[^}]*\}/g, "{}").toLowerCase();
  const likenessOf = (a: string, b: string) => 1 - distance(a, b) / Math.max(a.length, b.length);
  const ranked = Object.keys(document.paths)
    .map((other) => ({ other, likeness: likenessOf(shape(other), shape(path)) }))
    .sort((a, b) => b.likeness - a.likeness);
  const best = ranked[0];
  return best && best.likeness >= 0.75 ? best.other : undefined;
}
