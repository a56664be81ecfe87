/** The report of an import: changes of the tools, items to review, and the size of the catalogue in tokens. */
import type { Generated } from "../derive/records.ts";
import type { Bare, Facts } from "../facts.ts";
import type { Note } from "../read/note.ts";
import { changesBetween, type Change } from "./changelog.ts";
import { costOf, type Cost } from "./cost.ts";

export interface Report {
  readonly changes: readonly Change[];
  readonly toCurate: readonly string[];
  readonly gone: readonly string[];
  readonly unserved: readonly string[];
  /** Sentences newly removed from tool descriptions, because they name a tool that is not served any more. */
  readonly unsaid: readonly Note[];
  /** Corrections without effect, each with the likely reason. */
  readonly staleActions: readonly Note[];
  readonly needlessDrafts: readonly Note[];
  /** Parts of the document that could not be read or served. */
  readonly leftOut: readonly Note[];
  /** Places where a schema was loosened because a sample of the document contradicts it. */
  readonly loosened: readonly Note[];
  /** Inference operations that the previous document did not have. They never become tools. */
  readonly newInference: readonly string[];
  readonly cost: Cost;
}

export interface ReportInput {
  readonly before: Pick<Generated, "tools" | "unsaid">;
  /** Undefined if the previous import did not record them. */
  readonly inferenceBefore: readonly string[] | undefined;
  readonly after: Generated;
  readonly bare: Bare;
  readonly facts: Facts;
}

export function reportOf({ before, inferenceBefore, after, bare, facts }: ReportInput): Report {
  const stale = facts.staleActions.filter(({ kind }) => kind !== "not about this");
  return {
    changes: changesBetween(before.tools, after.tools),
    toCurate: after.toCurate,
    gone: after.gone,
    unserved: after.unserved,
    unsaid: after.unsaid.filter((note) => !before.unsaid.some(({ at, what }) => at === note.at && what === note.what)),
    staleActions: stale.map(({ action, kind, why }) => ({ at: action.description, what: `${kind}: ${why}` })),
    needlessDrafts: facts.needlessDrafts,
    leftOut: [...bare.leftOut, ...after.leftOut],
    loosened: bare.loosened,
    newInference: bare.inference.filter((at) => inferenceBefore?.includes(at) === false),
    cost: costOf(before.tools, after.tools),
  };
}

/** The report as Markdown, without a heading. Empty if there is nothing to report. */
export function reportText(report: Report): string {
  const line = ({ kind, tool, what, breaking }: Change) =>
    `- ${breaking ? "**breaking** " : ""}\`${tool}\` ${kind}: ${what}`;
  const section = (title: string, lines: readonly string[]) =>
    lines.length > 0 ? [`${title}\n\n${lines.join("\n")}`] : [];
  const list = (items: readonly string[]) => items.map((item) => `- ${item}`);
  const notes = (items: readonly Note[]) => items.map(({ at, what }) => `- ${at}: ${what}`);
  return [
    ...section("Tools", report.changes.map(line)),
    ...section("To curate", list(report.toCurate)),
    ...section("Removed upstream: curated, but gone from the document", list(report.gone)),
    ...section("Not served: composites whose operations are missing", list(report.unserved)),
    ...section("No longer said: sentences that name a tool which is not served", notes(report.unsaid)),
    ...section("Left out: what the document has and tools cannot", notes(report.leftOut)),
    ...section("Corrections to look at", notes(report.staleActions)),
    ...section("Drafts that can go", notes(report.needlessDrafts)),
    ...section("Loosened: the document's own samples contradict its schemas", notes(report.loosened)),
    ...section("New inference operations, never tools", list(report.newInference)),
    ...section("What the catalogue costs", costLines(report.cost)),
  ].join("\n\n");
}

function costLines({ before, after, limit, most }: Cost): string[] {
  if (before === after && after <= limit) return [];
  const sign = after > before ? "+" : "";
  const total = `- ${after} tokens, ${sign}${after - before} by this import`;
  if (after <= limit) return [total];
  const tools = most.map(({ name, tokens }) => `${name} ${tokens}`).join(", ");
  return [`${total}: over the ${limit} that a release may have. Most: ${tools}`];
}
