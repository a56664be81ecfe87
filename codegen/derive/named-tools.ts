/** Removes references to tools that are not served from the texts of the other tools. */
import { curatedNames, type Curation } from "../read/curation.ts";
import type { Note } from "../read/note.ts";
import type { Tool } from "./tool.ts";

export interface TrueWords {
  readonly tools: readonly Tool[];
  /** The removed sentences, each with its tool's name. */
  readonly unsaid: readonly Note[];
}

/**
 * The tools without the sentences that name a curated tool which is not among them. Such sentences are removed from the
 * advice on errors and from descriptions, except a description's first sentence.
 */
export function withServedNames(tools: readonly Tool[], curation: Curation): TrueWords {
  const served = new Set(tools.flatMap(({ record }) => [record.name, ...record.aliases]));
  const absent = new Set([...curatedNames(curation)].filter((name) => !served.has(name)));
  if (absent.size === 0) return { tools, unsaid: [] };
  const unsaid: Note[] = [];
  return { tools: tools.map((tool) => withoutNames(tool, absent, unsaid)), unsaid };
}

function withoutNames({ record, ...tool }: Tool, absent: ReadonlySet<string>, unsaid: Note[]): Tool {
  const staysIn = (sentence: string) => {
    const isKept = !namesOne(sentence, absent);
    if (!isKept) unsaid.push({ at: record.name, what: sentence });
    return isKept;
  };
  const [first = "", ...more] = sentencesOf(record.description);
  const description = [first, ...more.filter(staysIn)].join(" ");
  const { onError, ...rest } = { ...record, description };
  const advice = Object.entries(onError ?? {}).flatMap(([status, text]) => {
    const kept = sentencesOf(text).filter(staysIn);
    return kept.length > 0 ? [[status, kept.join(" ")] as const] : [];
  });
  return { ...tool, record: advice.length > 0 ? { ...rest, onError: Object.fromEntries(advice) } : rest };
}

const sentencesOf = (text: string) => text.split(/(?<=\.) /);

const namesOne = (sentence: string, names: ReadonlySet<string>) =>
  (sentence.match(/\b[a-z]\w*\b/g) ?? []).some((word) => names.has(word));
