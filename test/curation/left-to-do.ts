/** What is left to a person after an import, piece by piece, each with the file that takes it. */
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { mainEdition } from "../../codegen/editions.ts";
import { generateTools, type Generated } from "../../codegen/derive/records.ts";
import type { Tool } from "../../codegen/derive/tool.ts";
import { reportOf, type Report } from "../../codegen/emit/report.ts";
import { factsOf } from "../../codegen/facts.ts";
import { readInputs, type Inputs } from "../../codegen/inputs.ts";
import { curatedNames, withMoves, type CuratedRow } from "../../codegen/read/curation.ts";
import type { Overlay } from "../../codegen/read/overlay-action.ts";
import { nodesOf } from "../generated/listing.ts";

export interface Piece {
  /** The operation, tool, correction or draft. */
  readonly about: string;
  /** What is missing, or has no effect any more. */
  readonly what: string;
  /** The file to touch, from the project's folder. */
  readonly file: string;
}

/** So many requests teach search a tool. */
const LEAST_REQUESTS = 10;

const KEYS = "test/curation/keys.txt";

/** `project`: the folder that holds openapi/. */
export async function leftToDo(project: string, edition: string): Promise<Piece[]> {
  const inputs = await readInputs(join(project, "openapi"), edition);
  const facts = await factsOf(inputs);
  const generated = generateTools(facts.document, withMoves(inputs.curation, inputs.moves));
  // What an import of the same document would tell.
  const bare = { document: inputs.document, inference: [], leftOut: [], loosened: [] };
  const report = reportOf({ before: generated, inferenceBefore: undefined, after: generated, bare, facts });
  return [
    ...generated.tools.flatMap((tool) => piecesOf(tool, inputs, generated)),
    ...piecesOfGone(generated, inputs),
    ...(await withoutEffect(report, join(project, "openapi"), edition)),
  ];
}

export function pieceText({ about, what, file }: Piece): string {
  return `to curate: ${about}: ${what} (${file})`;
}

function piecesOf(tool: Tool, inputs: Inputs, { toCurate }: Generated): Piece[] {
  const { name, domain, method, path, paging } = tool.record;
  const at = `${method} ${path}`;
  const rows = `${ownFolder(inputs)}/curation/${domain}.yaml`;
  const isNew = toCurate.includes(at);
  const about = isNew ? `${at} (${name})` : name;
  const count = inputs.requests.filter((request) => request.tool === name).length;
  const silent = silentFields(tool);
  const hasNoKey = inputs.edition === mainEdition && method !== undefined && !keyRows().has(name);
  const firstPage = paging?.style === "page" && paging.first === undefined;
  const pieces: [boolean, string, string][] = [
    [isNew, "a row with its words", rows],
    [count < LEAST_REQUESTS, "requests", `${ownFolder(inputs)}/requests/${domain}.yaml`],
    [hasNoKey, "a row", KEYS],
    [silent.length > 0, `texts for ${silent.join(", ")}`, "openapi/glossary.yaml"],
    [firstPage, "first_page", rows],
  ];
  return pieces.filter(([isMissing]) => isMissing).map(([, what, file]) => ({ about, what, file }));
}

/** The shared tables are the main edition's own. */
const ownFolder = ({ edition }: Inputs) => (edition === mainEdition ? "openapi" : `openapi/${edition}`);

/** The tools that the table of keys has, the line of its heading aside. */
function keyRows(): ReadonlySet<string> {
  const lines = readFileSync(new URL("keys.txt", import.meta.url), "utf8")
    .trim()
    .split("\n")
    .slice(1);
  return new Set(lines.map((line) => line.split(" ")[0] as string));
}

/** Fields at any depth that no text describes. */
function silentFields({ full }: Tool): string[] {
  return nodesOf(full, "").flatMap(({ at, schema }) =>
    Object.entries(schema.properties ?? {})
      .filter(([, field]) => !field.description)
      .map(([name]) => `${at}.${name}`.slice(1)),
  );
}

/** Words for what the document has no more, and tools of ours that lack what they call. */
function piecesOfGone({ gone, unserved, tools }: Generated, { curation, edition }: Inputs): Piece[] {
  const texts = ({ name, at }: CuratedRow) => `${name} (${at})`;
  const rows = new Map([...curation.operations.values()].map((row) => [texts(row), row] as const));
  const fileOf = (row?: CuratedRow) => `openapi/${row?.own ? `${edition}/` : ""}curation/${row?.domain}.yaml`;
  const served = new Set(tools.map(({ record }) => record.name));
  const names = curatedNames(curation);
  const keys = edition === mainEdition ? [...keyRows()].filter((name) => !served.has(name)) : [];
  return [
    ...gone.map((about) => ({ about, what: "the document has it no more", file: fileOf(rows.get(about)) })),
    ...unserved.map((about) => ({ about, what: "cannot be served", file: "openapi/composites.yaml" })),
    ...keys.map((about) => ({ about, what: `no tool${names.has(about) ? " at present" : ""}`, file: KEYS })),
  ];
}

/** Corrections and drafts without effect. */
async function withoutEffect(report: Report, openapi: string, edition: string): Promise<Piece[]> {
  const own = parse(await readFile(join(openapi, edition, "overlay.yaml"), "utf8")) as Overlay;
  const isOwn = (description: string) => own.actions.some((action) => action.description === description);
  return [
    ...report.staleActions.map(({ at, what }) => ({
      about: at,
      what: `a correction without effect: ${what}`,
      file: `openapi/${isOwn(at) ? `${edition}/` : ""}overlay.yaml`,
    })),
    ...report.needlessDrafts.map(({ at, what }) => ({ about: at, what, file: `openapi/${edition}/drafts.yaml` })),
  ];
}
