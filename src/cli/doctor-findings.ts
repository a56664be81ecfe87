/** The findings of doctor, and their report. */

/** `wrong`: something does not work; `note`: worth knowing. */
export type Level = "ok" | "note" | "wrong";

export interface Finding {
  readonly level: Level;
  /** Never holds a secret. */
  readonly text: string;
  /** What to do about it. */
  readonly todo?: string;
}

const MARKS: Readonly<Record<Level, string>> = { ok: "ok", note: "note", wrong: "WRONG" };

/** One line for each finding, a second one for what to do, and a closing line. */
export function reportOf(findings: readonly Finding[]): string {
  const lines = findings.flatMap(({ level, text, todo }) => [
    `${MARKS[level].padEnd(6)} ${text}`,
    ...(todo === undefined ? [] : [`       ${todo}`]),
  ]);
  const wrong = findings.filter(({ level }) => level === "wrong").length;
  const end = wrong === 0 ? "All is well." : `${wrong} ${wrong === 1 ? "thing is" : "things are"} wrong.`;
  return [...lines, "", end, ""].join("\n");
}
