/** What a tool's words say of other tools, kept true: a tool that is not served is not named to a model. */
import { curatedNames, type Curation } from "../read/curation.ts";
import type { Note } from "../read/note.ts";
import type { Tool } from "./tool.ts";

export interface TrueWords {
  readonly tools: readonly Tool[];
  /** Each sentence that was taken out, by its tool's name. */
  readonly unsaid: readonly Note[];
}

/**
 * The tools without what names a curated tool that is not among them: sentences of descriptions, but for the first,
 * and of advice on refusals.
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
