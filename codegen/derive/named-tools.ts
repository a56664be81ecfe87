/** What a tool's words say of other tools, kept true: a tool that is not served is not named to a model. */
import { curatedNames, type Curation } from "../read/curation.ts";
import type { Tool } from "./tool.ts";

/**
 * The tools without what names a curated tool that is not among them: sentences of descriptions, but for the first,
 * and of advice on refusals.
 */
export function withServedNames(tools: readonly Tool[], curation: Curation): Tool[] {
  const served = new Set(tools.flatMap(({ record }) => [record.name, ...record.aliases]));
  const absent = new Set([...curatedNames(curation)].filter((name) => !served.has(name)));
  return absent.size === 0 ? [...tools] : tools.map((tool) => withoutNames(tool, absent));
}

function withoutNames({ record, ...tool }: Tool, absent: ReadonlySet<string>): Tool {
  const [first = "", ...more] = sentencesOf(record.description);
  const description = [first, ...more.filter((sentence) => !namesOne(sentence, absent))].join(" ");
  const { onError, ...rest } = { ...record, description };
  const advice = Object.entries(onError ?? {}).flatMap(([status, text]) => {
    const kept = sentencesOf(text).filter((sentence) => !namesOne(sentence, absent));
    return kept.length > 0 ? [[status, kept.join(" ")] as const] : [];
  });
  return { ...tool, record: advice.length > 0 ? { ...rest, onError: Object.fromEntries(advice) } : rest };
}

const sentencesOf = (text: string) => text.split(/(?<=\.) /);

const namesOne = (sentence: string, names: ReadonlySet<string>) =>
  (sentence.match(/\b[a-z]\w*\b/g) ?? []).some((word) => names.has(word));
