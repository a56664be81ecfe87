/**
 * Finds tools by what a request says: a linear model over its words and pairs of words, learnt at generation from
 * requests (openapi/requests) and the tools' own words (codegen/search). Who may see which tool is decided for each.
 */
import type { ToolRecord } from "../record.ts";
import { featuresOf, isPair, LONGEST_TEXT, stemsOf } from "./features.ts";
import { readWeights, scoresOf, type SearchModel } from "./model.ts";
import { corrected } from "./spelling.ts";

/** The tools that fit `request` best, best first, at most `limit`, among those that `admits` lets through. */
export type ToolSearch = (request: string, limit: number, admits?: (record: ToolRecord) => boolean) => ToolRecord[];

/** Words that every request may have: one of nothing else asks for nothing. */
const FUNCTION_WORDS = new Set(
  "a an and are as at be by do for from i in is it me my of on or our please so that the this to us we with you".split(
    " ",
  ),
);

/** A search over `records`, which are among the tools that `model` knows. */
export function createToolSearch(records: readonly ToolRecord[], model: SearchModel): ToolSearch {
  const weights = readWeights(model);
  const words = new Set(model.features.filter((feature) => !isPair(feature)));
  const traitsOf = new Map(Object.entries(model.tools));

  return (request, limit, admits = () => true) => {
    const stems = corrected(stemsOf(request), words);
    const asks = stems.some((stem) => words.has(stem) && !FUNCTION_WORDS.has(stem));
    const named = namesIn(request);
    const traitScores = scoresOf(weights, asks ? featuresOf(stems) : []);
    const scoreOf = ({ name, aliases }: ToolRecord): number => {
      if ([name, ...aliases].some((one) => named.has(one))) return Infinity;
      return (traitsOf.get(name) ?? []).reduce((sum, trait) => sum + (traitScores[trait] ?? 0), 0);
    };
    return records
      .filter(admits)
      .map((record) => ({ record, score: scoreOf(record) }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score)
      .slice(0, limit)
      .map(({ record }) => record);
  };
}

/** What could be a tool's name in a request: each word with an underscore in it, and all of it. */
function namesIn(request: string): ReadonlySet<string> {
  const words = request.slice(0, LONGEST_TEXT).toLowerCase().match(/\w+/g) ?? [];
  return new Set([...words.filter((word) => word.includes("_")), words.join("_")]);
}
