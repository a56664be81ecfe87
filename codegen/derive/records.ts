/** The second half of the pipeline: makes each tool's record, listing and full schema from the facts and curation. */
import type { KeyKind, Risk } from "../../src/catalog/record.ts";
import type { Curation } from "../read/curation.ts";
import type { Document, Method } from "../read/document.ts";
import type { Note } from "../read/note.ts";
import { inputOf } from "./input.ts";
import { nameOperations, type NamedOperation } from "./names.ts";
import { withServedNames } from "./named-tools.ts";
import { NotServedError } from "./parameter.ts";
import { withSharedMore } from "./shared-more.ts";
import { withSharedOutlines } from "./shared-outlines.ts";
import { toolOf, type Tool } from "./tool.ts";
import { withUnlisted } from "./unlisted.ts";

export interface Generated {
  readonly tools: readonly Tool[];
  /** Operations without a row in the curation tables. */
  readonly toCurate: readonly string[];
  /** Rows of the curation tables whose operation is not in the document. */
  readonly gone: readonly string[];
  /** Composites left out because the document lacks an operation they call. */
  readonly unserved: readonly string[];
  /** Operations that could not become tools and parameters that could not become arguments, with the reason. */
  readonly leftOut: readonly Note[];
  /** Sentences that were removed because they name a tool which is not served, each with its tool. */
  readonly unsaid: readonly Note[];
}

const riskOfMethod: Readonly<Record<Method, Risk>> = {
  get: "read",
  post: "create",
  put: "update",
  patch: "update",
  delete: "destroy",
};

/** All tools, sorted by domain and name. Deterministic. */
export function generateTools(facts: Document, curation: Curation): Generated {
  const marked = withUnlisted(facts, curation.glossary.unlisted ?? {});
  const named = nameOperations(marked, curation);
  const leftOut: Note[] = [...named.leftOut];
  const tools = named.operations.flatMap((place) => operationTool(marked, place, curation, leftOut));
  const composites = compositeTools(new Set(tools.map(({ record }) => record.name)), curation);
  const { tools: every, unsaid } = withServedNames([...tools, ...composites.tools], curation);
  const sorted = [...every].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  const seen = new Set(named.operations.map(({ key }) => key));
  const uncurated = named.operations.filter(({ isCurated }) => !isCurated);
  return {
    tools: withSharedOutlines(withSharedMore(sorted), curation.glossary.opened ?? []),
    toCurate: uncurated.map(({ method, path }) => `${method.toUpperCase()} ${path}`),
    gone: [...curation.operations]
      .filter(([key, { own }]) => !seen.has(key) && (own || curation.isWhole))
      .map(([, row]) => `${row.name} (${row.at})`),
    unserved: curation.isWhole ? composites.unserved : [],
    leftOut,
    unsaid,
  };
}

/** The tool of an operation. Empty if it cannot be served; the reason is added to `leftOut`. */
function operationTool(facts: Document, place: NamedOperation, curation: Curation, leftOut: Note[]): Tool[] {
  const { method, path, item, operation, words, spelling } = place;
  const at = `${method.toUpperCase()} ${path}`;
  const composite = curation.composites.get(words.name);
  const source = operation["x-source"] === "documented" ? ("documented" as const) : ("spec" as const);
  const rules = { risk: riskOfMethod[method], idempotent: method !== "post", source };
  try {
    const input = inputOf(facts, { path, item, operation, spelling });
    leftOut.push(...input.notes.map((what) => ({ at, what })));
    const all = withKey({ ...rules, ...words, ...composite, domain: words.domain, name: words.name }, curation);
    return [toolOf({ words: all, operation: { method, path, item, input }, composite, glossary: curation.glossary })];
  } catch (error) {
    if (!(error instanceof NotServedError)) throw error;
    leftOut.push({ at, what: `not served: ${error.message}` });
    return [];
  }
}

/** The words with the edition's kind of key, if it has one. Scopes are then removed: a token has none. */
function withKey<Words extends { key?: KeyKind; scopes?: string }>(words: Words, { key }: Curation): Words {
  return key === undefined || words.key === "none" ? words : { ...words, key, scopes: "" };
}

/** The composites that are tools of their own. A composite is left out if a tool that it calls does not exist. */
function compositeTools(names: ReadonlySet<string>, curation: Curation) {
  const unserved: string[] = [];
  const tools: Tool[] = [];
  for (const [name, composite] of curation.composites) {
    const missing = (composite.calls ?? []).filter((call) => !names.has(call));
    if (missing.length > 0 || (composite.override && !names.has(name))) {
      unserved.push(`${name} (needs ${missing.join(", ") || name})`);
      continue;
    }
    const { title, description, domain } = composite;
    if (composite.override || !title || !description || !domain) continue;
    const rules = { risk: "read" as const, idempotent: false, source: "composite" as const };
    const words = withKey({ ...rules, ...composite, name, title, description, domain }, curation);
    tools.push(toolOf({ words, composite, glossary: curation.glossary }));
  }
  return { tools, unserved };
}

const sortKey = ({ record }: Tool) => `${record.domain} ${record.name}`;
