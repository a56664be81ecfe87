/**
 * Finds tools by what a request says: BM25+ (minisearch) over name, title, description, keywords, domain and arguments.
 * The index is built at the first search, in about 100 ms for 200 tools, and shared by every caller; who may see which
 * tool is decided for each result.
 */
import MiniSearch from "minisearch";
import { stemmer } from "stemmer";
import type { ToolRecord } from "./record.ts";
import { readRequest } from "./search-request.ts";
import { exact, isExact, termsOf, wordsOf } from "./search-terms.ts";

/** The tools that fit `request` best, best first, at most `limit`, among those that `admits` lets through. */
export type ToolSearch = (request: string, limit: number, admits?: (record: ToolRecord) => boolean) => ToolRecord[];

/** How much a match counts, by where it is. */
const BOOST = { name: 3, keywords: 3, title: 2, description: 2, domain: 0.5, fields: 0.1 };

/** How much more a tool counts that does what the request's verb asks for. */
const INTENT_BOOST = 1.8;

/** How much a tool counts that destroys the object of which a request takes an attribute away. */
const DESTROYS_TOO_MUCH = 0.15;

/** How much more a list counts when a question names what it lists in the plural. */
const LIST_BOOST = 1.3;

/** How much more a tool that gets one thing counts when a question names that thing. */
const SINGLE_BOOST = 1.3;

/** How much more a tool counts whose name begins with the verb that a sentence means. */
const VERB_BOOST = 2.2;

/** How much more a tool of the same risk counts then. */
const RELATED_BOOST = 1.3;

/**
 * How much more a tool counts whose name says nothing that the request does not; `delete prompt` is not about partials.
 */
const COVERAGE_BOOST = 1;

type Document = { readonly [field in keyof typeof BOOST]: string };
type Index = MiniSearch<Document & { id: number }>;

/** A search over `records`. */
export function createToolSearch(records: readonly ToolRecord[]): ToolSearch {
  let index: Index | undefined;
  const recordOf = (id: unknown) => records[id as number] as ToolRecord;

  return (request, limit, admits = () => true) => {
    const { terms, intent, named, takesAttribute, verbs } = readRequest(request);
    if (terms.length === 0) return [];
    index ??= indexOf(records);
    const queryStems = new Set(terms.map(({ term }) => term));
    const reads = intent.size === 0 || intent.has("read");
    const scoreOf = (record: ToolRecord, score: number): number => {
      if ([record.name, ...record.aliases].some((name) => named.has(name))) return Infinity;
      const [verb, ...nouns] = record.name.split("_");
      const covered = nouns.filter((noun) => queryStems.has(stemmer(noun))).length / nouns.length;
      const lists = reads && verb === "list" && nouns.some((noun) => queryStems.has(exact(noun)));
      const several = queryStems.has(exact(`${nouns.at(-1)}s`));
      const one = reads && verb === "get" && !several && nouns.every((noun) => queryStems.has(stemmer(noun)));
      return score * (1 + COVERAGE_BOOST * covered) * (lists ? LIST_BOOST : 1) * (one ? SINGLE_BOOST : 1);
    };
    const boostOf = ({ name, risk }: ToolRecord): number => {
      if (takesAttribute && risk === "destroy") return DESTROYS_TOO_MUCH;
      if (verbs.has(verbOf(name))) return VERB_BOOST;
      if (verbs.size > 0) return intent.has(risk) ? RELATED_BOOST : 1;
      return intent.has(risk) ? INTENT_BOOST : 1;
    };
    return index
      .search(terms.map(({ term }) => term).join(" "), {
        boostTerm: (_term, at) => terms[at]?.weight ?? 1,
        boostDocument: (id) => boostOf(recordOf(id)),
        filter: ({ id }) => admits(recordOf(id)),
      })
      .map(({ id, score }) => ({ record: recordOf(id), score: scoreOf(recordOf(id), score) }))
      .sort((a, b) => b.score - a.score)
      .slice(0, limit)
      .map(({ record }) => record);
  };
}

function verbOf(name: string): string {
  return name.slice(0, name.indexOf("_"));
}

function indexOf(records: readonly ToolRecord[]): Index {
  const index: Index = new MiniSearch({
    fields: Object.keys(BOOST),
    tokenize: termsOf,
    processTerm: (term) => term,
    searchOptions: {
      tokenize: (terms) => terms.split(" "),
      boost: BOOST,
      // Names and made-up words are mistyped; short words are too near to one another.
      fuzzy: (term) => (term.length > 5 && !isExact(term) ? 0.17 : false),
      prefix: (term) => term.length > 4 && !isExact(term),
    },
  });
  index.addAll(records.map((record, id) => ({ id, ...documentOf(record) })));
  return index;
}

function documentOf(record: ToolRecord): Document {
  return {
    name: [record.name, ...record.aliases].join(" "),
    title: record.title,
    description: record.description,
    keywords: newWords(record).join(" "),
    domain: record.domain,
    fields: record.arguments.map(({ name }) => name).join(" "),
  };
}

/** A keyword's words count once, and only where the name does not say them: phrases repeat what they are about. */
function newWords({ name, keywords }: ToolRecord): string[] {
  const nameStems = new Set(wordsOf(name).map(stemmer));
  return [...new Set(wordsOf(keywords.join(" ")))].filter((word) => !nameStems.has(stemmer(word)));
}
