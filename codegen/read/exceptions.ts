/** The exceptions in selection.yaml. Each is a path or `METHOD /path`, and includes all paths below it. */
import { operationsOf, type Document } from "./document.ts";
import type { Selection } from "./selection.ts";

interface Place {
  readonly method: string;
  readonly path: string;
}

/** Whether a list of exceptions includes an operation. */
export function isNamedIn(list: readonly string[], method: string, path: string): boolean {
  return list.some((entry) => {
    const [first, second] = entry.split(" ") as [string, string?];
    const prefix = second ?? first;
    const sameMethod = second === undefined || first.toLowerCase() === method.toLowerCase();
    return sameMethod && (path === prefix || path.startsWith(`${prefix}/`));
  });
}

/**
 * A line for each exception that has no effect before the next import. Only an import selects operations, and the
 * document that it writes (`document`) has no others.
 */
export function unappliedExceptions(document: Document, { tools, inference }: Selection): string[] {
  const served: readonly Place[] = operationsOf(document);
  const others = ((document["x-inference"] ?? []) as string[]).map((at) => {
    const [method = "", path = ""] = at.split(" ");
    return { method, path };
  });
  const unapplied = (name: string, list: readonly string[], opposite: readonly Place[]) =>
    list
      .filter((entry) => opposite.some(({ method, path }) => isNamedIn([entry], method, path)))
      .map((entry) => `selection.yaml: ${name}: ${entry} has its effect with npm run openapi:import`);
  return [...unapplied("tools", tools, others), ...unapplied("inference", inference, served)];
}
