/** Recognises placeholders in place of keys, as left by a template, a shell or an example. */
interface Form {
  readonly is: RegExp;
  readonly what: string;
}

const UNFILLED = "a placeholder that nothing has filled in";
const EXAMPLE = "an example, not a key";
/** References to secrets in stores, hosts and encrypted files, which nothing has resolved. */
const REFERENCE = "the place of a secret, which nothing has fetched";

const FORMS: readonly Form[] = [
  { is: /\$\{[^}]*\}?|\{\{[^}]*\}?\}?/, what: UNFILLED },
  { is: /^\$\(?[A-Za-z_]\w*\)?$/, what: UNFILLED },
  { is: /^%[A-Za-z_]\w*%$/, what: UNFILLED },
  { is: /^<.*>$|^\[.*\]$/, what: UNFILLED },
  {
    is: /^(undefined|null|none|nil|nan|true|false|todo|changeme|change-me|replace-?me|\[object object\])$/i,
    what: "a word",
  },
  {
    is: /^((ref|secretref)\+[\w-]+|op|sm|gcp-?sm|aws-?sm|ssm|secretsmanager|akv|azurekeyvault|vault):\S/i,
    what: REFERENCE,
  },
  { is: /^(keychain|bws?|doppler|infisical|kms|secrets?|file):\S/i, what: REFERENCE },
  { is: /^@Microsoft\.KeyVault\(|^arn:aws|^projects\/[^/]+\/secrets\//i, what: REFERENCE },
  { is: /^ENC\[|^-----BEGIN /, what: "encrypted, or a certificate" },
  {
    is: /^(~|\.{1,2}|\/(app|data|etc|home|mnt|opt|root|run|secrets?|srv|tmp|Users|usr|var|vault))\/\S|^[A-Za-z]:\\/,
    what: "a path: name the file by the variable that ends in _FILE",
  },
  { is: /^["'`]|["'`]$/, what: "in quotes: leave them out" },
  { is: /^(\.{3}|\u2026|\*+|x{3,})$|(\.{3}|\u2026)$/i, what: EXAMPLE },
  { is: /^(your|my|the|insert|enter|paste)[-_ ]?.*(key|token|secret|here)/i, what: EXAMPLE },
  { is: /^(pk|sk|key|api-?key|token|secret|password)?[-_]?(x{3,}|\*{3,}|\.{3})[x*.-]*$/i, what: EXAMPLE },
];

/** Why a text cannot be a key; undefined: it may be one. The message does not quote the text. */
export function placeholderProblem(text: string): string | undefined {
  const form = FORMS.find(({ is }) => is.test(text.slice(0, 200)));
  if (form === undefined) return undefined;
  return `is ${form.what}. Give the value itself, as Portkey or your secret store shows it, or leave it out.`;
}
