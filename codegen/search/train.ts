/** Trains the tool search on sample requests and the tools' texts: a weight for each word and each trait of a tool. */
import type { ToolRecord } from "../../src/catalog/record.ts";
import { toFeatures, isPair, toStems } from "../../src/catalog/search/features.ts";
import { singular } from "../derive/words.ts";
import { regress, type Row } from "./regression.ts";

/** A text, and the name of the tool that a search for it should find. */
export interface Request {
  readonly text: string;
  readonly tool: string;
}

/** The members of a tool's record that are used for training. */
export type Words = Pick<ToolRecord, "name" | "title" | "description" | "domain" | "risk" | "keywords">;

/** The features of a text (src/catalog/search/features.ts), with the tool's name. */
export interface Example {
  readonly features: readonly string[];
  readonly tool: string;
}

/** A pair of words is used only if at least this many examples have it. */
const LEAST_PAIRS = 5;
/** The weight of a pair of words relative to a single word. */
const PAIR = 0.4;

/** The training examples for `records`: their own texts, and the requests for them. Other requests are ignored. */
export function examplesOf(records: readonly Words[], requests: readonly Request[]): Example[] {
  const names = new Set(records.map(({ name }) => name));
  return [...records.flatMap(ownWords), ...requests.filter(({ tool }) => names.has(tool))].map(({ text, tool }) => ({
    features: toFeatures(toStems(text)),
    tool,
  }));
}

/** The trained weights. */
export interface Learnt {
  /** For each record, in order, the indices of its traits. */
  readonly traits: readonly (readonly number[])[];
  /** For each feature, its weight for each trait. */
  readonly weights: ReadonlyMap<string, Float32Array>;
}

export function train(records: readonly Words[], examples: readonly Example[]): Learnt {
  const counts = countsOf(examples.flatMap(({ features }) => features));
  const telling = [...counts].filter(([feature, count]) => !isPair(feature) || count >= LEAST_PAIRS);
  const values = telling.map(([feature, count]) => valueOf(feature, count / examples.length));
  const numbers = new Map(telling.map(([feature], at) => [feature, at]));
  const tools = new Map(records.map(({ name }, at) => [name, at]));
  const rows = examples.map(({ features, tool }) =>
    rowOf(
      features.flatMap((feature) => numbers.get(feature) ?? []),
      values,
      tools.get(tool) as number,
    ),
  );
  const traits = traitNumbers(records);
  const learnt = regress(rows, { features: telling.length, traits });
  const weights = telling.map(
    ([feature], at) => [feature, scaled(learnt[at] as Float32Array, values[at] as number)] as const,
  );
  return { traits, weights: new Map(weights) };
}

/** A tool's name, title, description and keywords as requests for it. */
function ownWords({ name, title, description, keywords }: Words): Request[] {
  const texts = [name.replaceAll("_", " "), `${title}. ${description}`, keywords.join(", ")];
  return texts.map((text) => ({ text, tool: name }));
}

/** The traits of a tool: those it shares with others (verb, nouns of its name, domain, risk), and its own name. */
export function traitsOf({ name, domain, risk }: Words): string[] {
  const [verb, ...nouns] = name.split("_");
  return [
    `tool ${name}`,
    `verb ${verb}`,
    `domain ${domain}`,
    `risk ${risk}`,
    ...nouns.map((noun) => `noun ${singular(noun)}`),
  ];
}

function traitNumbers(records: readonly Words[]): number[][] {
  const names = [...new Set(records.flatMap(traitsOf))];
  const numbers = new Map(names.map((trait, at) => [trait, at]));
  return records.map((record) => [...new Set(traitsOf(record))].map((trait) => numbers.get(trait) as number));
}

function countsOf(features: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const feature of features) counts.set(feature, (counts.get(feature) ?? 0) + 1);
  return counts;
}

/** The value of a feature. It is higher the fewer examples have it (inverse document frequency). */
function valueOf(feature: string, share: number): number {
  return (isPair(feature) ? PAIR : 1) * Math.log(1 + 1 / share);
}

/** An example as a vector, normalised to length 1. */
function rowOf(at: readonly number[], values: readonly number[], wanted: number): Row {
  const found = at.map((feature) => values[feature] as number);
  const length = Math.hypot(...found) || 1;
  return { at: Int32Array.from(at), value: Float32Array.from(found, (value) => value / length), wanted };
}

function scaled(weights: Float32Array, by: number): Float32Array {
  return weights.map((weight) => weight * by);
}
