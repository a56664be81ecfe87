/** Measures how well search finds requests that it was not trained with, and how long it takes. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { EDITION_NAMES, loadEdition, loadSearchModel, type EditionName } from "../../src/catalog/editions.ts";
import type { ToolRecord } from "../../src/catalog/record.ts";
import type { SearchModel } from "../../src/catalog/search/model.ts";
import { createToolSearch } from "../../src/catalog/search/search.ts";
import { readInputs } from "../../codegen/inputs.ts";
import { searchText } from "../../codegen/search/emit.ts";
import type { Request } from "../../codegen/search/train.ts";
import { suffixOf } from "./edition-suffix.ts";
import { Samples, type Figure } from "./figure.ts";
import type { Bench } from "./section-context.ts";

const OPENAPI = fileURLToPath(new URL("../../openapi", import.meta.url));

/** Into so many parts the requests are divided; each is left out in turn, and looked for. */
const PARTS = 5;

export async function benchSearch({ workspace }: Bench): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const edition of EDITION_NAMES) {
    workspace.say(`learning ${PARTS} times what ${edition} is asked for`);
    figures.push(...(await foundFigures(edition, workspace.quick ? 1 : PARTS)), await timeFigure(edition));
  }
  return figures;
}

async function foundFigures(edition: EditionName, parts: number): Promise<Figure[]> {
  const { records } = await loadEdition(edition);
  const names = new Set(records.map(({ name }) => name));
  const requests = (await readInputs(OPENAPI, edition)).requests.filter(({ tool }) => names.has(tool));
  const [first, among] = [new Samples(), new Samples()];
  for (let part = 0; part < parts; part++) {
    const asked = requests.filter((_, at) => at % PARTS === part);
    const learnt = requests.filter((_, at) => at % PARTS !== part);
    const ranks = ranksOf(asked, records, JSON.parse(searchText({ records, requests: learnt })) as SearchModel);
    first.add("ours", shareOf(ranks, 1));
    among.add("ours", shareOf(ranks, 5));
  }
  const how =
    `of the ${requests.length} requests under openapi/ each ${PARTS}th is left out, and looked for by what is learnt ` +
    "from the others; as many times with others left out.";
  return [
    { id: `search.first${suffixOf(edition)}`, name: `found first, ${edition}`, unit: "%", samples: first.all, how },
    { id: `search.five${suffixOf(edition)}`, name: `among five, ${edition}`, unit: "%", samples: among.all, how },
  ];
}

/** For each request the place of its tool in what is found, from 1; Infinity where it is not among five. */
function ranksOf(asked: readonly Request[], records: readonly ToolRecord[], model: SearchModel): number[] {
  const search = createToolSearch(records, model);
  return asked.map(({ text, tool }) => {
    const at = search(text, 5).findIndex(({ name }) => name === tool);
    return at < 0 ? Infinity : at + 1;
  });
}

function shareOf(ranks: readonly number[], within: number): number {
  return (ranks.filter((rank) => rank <= within).length / ranks.length) * 100;
}

async function timeFigure(edition: EditionName): Promise<Figure> {
  const { records } = await loadEdition(edition);
  const model = await loadSearchModel(edition);
  const taken = new Samples();
  for (let round = 0; round < 10; round++) {
    const started = performance.now();
    createToolSearch(records, model)("who deleted the prompt", 5);
    taken.add("ours", performance.now() - started);
  }
  return {
    id: `search.begin${suffixOf(edition)}`,
    name: `first search, ${edition}`,
    unit: "ms",
    samples: taken.all,
    how: `from the loaded ${join("generated", edition, "search.json")} to the first answer.`,
  };
}
