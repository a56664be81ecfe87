/**
 * Finds tools for a request in words: a linear model over its words and pairs of words, trained at generation
 * (codegen/search) with requests (openapi/requests) and the tools' own words.
 */
import type { ToolRecord } from "../record.ts";
import { toFeatures, isPair, LONGEST_TEXT, toStems } from "./features.ts";
import { readWeights, scoreTraits, type SearchModel } from "./model.ts";
import { correctSpelling } from "./spelling.ts";

/** The tools that fit `request`, best first, at most `limit`, of those for which `admits` is true. */
export type ToolSearch = (request: string, limit: number, admits?: (record: ToolRecord) => boolean) => ToolRecord[];

/** Words that any request may contain: one with no others finds nothing. */
const FUNCTION_WORDS = new Set(
  "a an and are as at be by do for from i in is it me my of on or our please so that the this to us we with you".split(
    " ",
  ),
);

/** A search over `records`, all of which `model` must know. */
export function createToolSearch(records: readonly ToolRecord[], model: SearchModel): ToolSearch {
  const weights = readWeights(model);
  const words = new Set(model.features.filter((feature) => !isPair(feature)));
  const traitsByTool = new Map(Object.entries(model.tools));

  return (request, limit, admits = () => true) => {
    const stems = correctSpelling(toStems(request), words);
    const hasContent = stems.some((stem) => words.has(stem) && !FUNCTION_WORDS.has(stem));
    const names = namesIn(request);
    const traitScores = scoreTraits(weights, hasContent ? toFeatures(stems) : []);
    const score = ({ name, aliases }: ToolRecord): number => {
      if ([name, ...aliases].some((candidate) => names.has(candidate))) return Infinity;
      return (traitsByTool.get(name) ?? []).reduce((sum, trait) => sum + (traitScores[trait] ?? 0), 0);
    };
    return records
      .filter(admits)
      .map((record) => ({ record, score: score(record) }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score)
      .slice(0, limit)
      .map(({ record }) => record);
  };
}

/** Possible tool names in a request: each word with an underscore, and all words joined by underscores. */
function namesIn(request: string): ReadonlySet<string> {
  const words = request.slice(0, LONGEST_TEXT).toLowerCase().match(/\w+/g) ?? [];
  return new Set([...words.filter((word) => word.includes("_")), words.join("_")]);
}
