/** Texts that stand where a key should be: what a template, a shell or an example left there. */
interface Form {
  readonly is: RegExp;
  readonly what: string;
}

const UNFILLED = "a placeholder that nothing has filled in";
const EXAMPLE = "an example, not a key";

const FORMS: readonly Form[] = [
  { is: /\$\{[^}]*\}?|\{\{[^}]*\}?\}?/, what: UNFILLED },
  { is: /^\$\(?[A-Za-z_]\w*\)?$/, what: UNFILLED },
  { is: /^%[A-Za-z_]\w*%$/, what: UNFILLED },
  { is: /^<.*>$|^\[.*\]$/, what: UNFILLED },
  {
    is: /^(undefined|null|none|nil|nan|true|false|todo|changeme|change-me|replace-?me|\[object object\])$/i,
    what: "a word",
  },
  { is: /^["'`]|["'`]$/, what: "in quotes: leave them out" },
  { is: /^(\.{3}|\u2026|\*+|x{3,})$|(\.{3}|\u2026)$/i, what: EXAMPLE },
  { is: /^(your|my|the|insert|enter|paste)[-_ ]?.*(key|token|secret|here)/i, what: EXAMPLE },
  { is: /^(pk|sk|key|api-?key|token|secret|password)?[-_]?(x{3,}|\*{3,}|\.{3})[x*.-]*$/i, what: EXAMPLE },
];

/** What is wrong with a text that cannot be a key; undefined where it may be one. Never repeats the text. */
export function placeholderProblem(text: string): string | undefined {
  const form = FORMS.find(({ is }) => is.test(text.slice(0, 200)));
  if (form === undefined) return undefined;
  return `is ${form.what}. Give the value itself, as Portkey or your secret store shows it, or leave it out.`;
}
