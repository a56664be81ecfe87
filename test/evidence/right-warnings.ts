/** Warnings that are right: what a source shows is a placeholder, or the sources themselves contradict it. */
import type { Verdict } from "./try-row.ts";

interface RightWarning {
  readonly rows: readonly string[];
  readonly warning: RegExp;
  readonly why: string;
}

const RIGHT_WARNINGS: readonly RightWarning[] = [
  {
    rows: ["document-236aaba1", "document-468b44d1", "document-d9c34102"],
    warning: /^(type "type"|sub_type "sub-type") is not among/,
    why: "the sample's URL names the parameters of the path instead of their values",
  },
  {
    rows: ["docs-2cc3415b", "docs-3283ed90", "docs-8a942e8e", "docs-c6de8153"],
    warning: /^sub_type "sub-type" is not among/,
    why: "the page's URL names a parameter of the path instead of its value",
  },
  {
    rows: ["call-8e8429ea", "call-f80eeadf"],
    warning: /^(type|sub_type) "x" is not among/,
    why: "x stands for a variable of the source",
  },
  {
    rows: ["call-6f5d41b9"],
    warning: /^expires_at is not in the documented format \(datetime\)/,
    why: "x stands for a variable of the source",
  },
  {
    rows: ["sdk-48dab15f"],
    warning: /^label_id is not in the documented format \(uuid\)/,
    why: "a letter stands for the label's id",
  },
  {
    rows: ["sdk-4c93ac1c"],
    warning: /^slug is below the documented minimum/,
    why: "a letter stands for the slug",
  },
  {
    rows: ["document-3ae7a1f4"],
    warning: /^checks\[0\]\.id is no check; the gateway has default\.alllowercase/,
    why: "the gateway tells the letters' case apart: it runs no such check and lets everything pass",
  },
  {
    rows: ["guardrail-048349e9"],
    warning: /^checks\[0\]\.id is no check that is known; known is acuvity\.scan/,
    why: "the plugin's manifest has another id than the gateway, which runs acuvity.scan alone",
  },
];

/** The warnings of a verdict that nothing in the table explains. */
export function wrongWarnings({ id, warnings }: Verdict): string[] {
  const right = RIGHT_WARNINGS.filter(({ rows }) => rows.includes(id));
  return warnings.filter((text) => !right.some(({ warning }) => warning.test(text)));
}

/** What the table explains though it is said no longer: such a line has to go. */
export function staleLines(verdicts: readonly Verdict[]): RightWarning[] {
  return RIGHT_WARNINGS.filter(
    ({ rows, warning }) =>
      !rows.every((row) =>
        verdicts.some(({ id, warnings }) => id === row && warnings.some((text) => warning.test(text))),
      ),
  );
}
