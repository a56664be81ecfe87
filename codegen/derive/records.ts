/** The pipeline's second half: facts and curation in, one record, listing and full schema per tool out. */
import type { Risk } from "../../src/catalog/record.ts";
import type { Curated, Curation } from "../read/curation.ts";
import { derivedDescription, derivedName, operationKey } from "./derive.ts";
import { operationsOf, type Document, type Method } from "../read/document.ts";
import { inputOf } from "./input.ts";
import { toolOf, type Tool } from "./tool.ts";
import { sentenceCase, snakeCase } from "./words.ts";

export interface Generated {
  readonly tools: readonly Tool[];
  /** Operations without a row in the curation tables. */
  readonly toCurate: readonly string[];
  /** Rows whose operation the document does not have. */
  readonly gone: readonly string[];
  /** Composites left out because the document lacks an operation they call. */
  readonly unserved: readonly string[];
}

const riskOfMethod: Readonly<Record<Method, Risk>> = {
  get: "read",
  post: "create",
  put: "update",
  patch: "update",
  delete: "destroy",
};

/** Every tool, ordered by domain and name: the same facts give the same list. */
export function generateTools(facts: Document, curation: Curation): Generated {
  const toCurate: string[] = [];
  const seen = new Set<string>();
  const tools = operationsOf(facts).map(({ method, path, item, operation }) => {
    const key = operationKey(method, path);
    seen.add(key);
    const curated = curation.operations.get(key);
    if (!curated) toCurate.push(`${method.toUpperCase()} ${path}`);
    const words = curated ?? derivedWords(method, path, curation);
    const composite = curation.composites.get(words.name);
    const rules = { risk: riskOfMethod[method], idempotent: method !== "post", source: "spec" as const };
    return toolOf({
      words: { ...rules, ...words, ...composite, domain: words.domain, name: words.name },
      operation: { method, path, item, input: inputOf(facts, item, operation) },
      composite,
      glossary: curation.glossary,
    });
  });

  const names = new Set(tools.map(({ record }) => record.name));
  if (names.size !== tools.length)
    throw new Error(`two operations share a name: ${duplicateOf(tools.map(({ record }) => record.name))}`);
  const unserved: string[] = [];
  for (const [name, composite] of curation.composites) {
    const missing = (composite.calls ?? []).filter((call) => !names.has(call));
    if (missing.length > 0 || (composite.override && !names.has(name)))
      unserved.push(`${name} (needs ${missing.join(", ") || name})`);
    else if (!composite.override) {
      const { title, description, domain } = composite;
      if (!title || !description || !domain)
        throw new Error(`composites.yaml: ${name} needs title, description and domain`);
      const rules = { risk: "read" as const, idempotent: false, source: "composite" as const };
      tools.push(
        toolOf({
          words: { ...rules, ...composite, name, title, description, domain },
          composite,
          glossary: curation.glossary,
        }),
      );
    }
  }
  return {
    tools: tools.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1)),
    toCurate,
    gone: [...curation.operations].filter(([key]) => !seen.has(key)).map(([, row]) => `${row.name} (${row.at})`),
    unserved,
  };
}

const sortKey = ({ record }: Tool) => `${record.domain} ${record.name}`;

function duplicateOf(names: readonly string[]): string {
  return names.find((name, index) => names.indexOf(name) !== index) ?? "";
}

/** An uncurated operation takes the domain of its nearest curated neighbour, else its first path segment. */
function derivedWords(method: Method, path: string, curation: Curation): Curated & { domain: string } {
  const name = derivedName(method, path);
  const prefixes = path
    .split("/")
    .map((_, index, all) => all.slice(0, all.length - index).join("/"))
    .filter((prefix) => prefix.length > 1);
  const rows = [...curation.operations.values()];
  const neighbour = prefixes.flatMap((prefix) => rows.filter(({ at }) => at.split(" ")[1]?.startsWith(prefix)))[0];
  const domain = neighbour?.domain ?? snakeCase(path.split("/")[1] ?? "other").replaceAll("_", "-");
  return { name, title: sentenceCase(name), description: derivedDescription(method, path), domain };
}
