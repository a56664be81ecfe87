/** Recognises the names of fields, headers, query parameters and settings that hold secrets, in any spelling. */

/** A name that ends in one of these words holds a secret. */
const SECRET_WORDS = new Set([
  ...["key", "apikey", "accesskey", "secretkey", "privatekey", "pem", "pfx", "keystore", "kubeconfig", "session"],
  ...[
    "secret",
    "secrets",
    "password",
    "passwords",
    "passwd",
    "pwd",
    "pass",
    "passphrase",
    "passcode",
    "pin",
    "otp",
    "totp",
  ],
  ...["token", "jwt", "bearer", "authorization", "credential", "credentials", "creds", "cookie", "cookies"],
  ...["signature", "sig", "sas", "dsn", "mnemonic", "cvv", "cvc", "csrf", "xsrf", "hmac", "nonce", "assertion"],
]);
/** Names written in one word end in one of these. */
const SECRET_ENDING = /(?:password|passwd|passphrase|secret|token|apikey|accesskey|secretkey|privatekey|credentials?)$/;
/** Words behind a secret word that say in which form the secret is held: `private_key_pem`, `password_hash`. */
const FORMS = new Set([
  ...["pem", "value", "json", "data", "text", "string", "hash", "header", "material", "base64", "b64", "encoded"],
  ...["plain", "plaintext", "raw", "content", "contents", "body", "code", "new", "old", "current", "previous"],
]);
/** Words of several parts at the end of a name. */
const SECRET_ENDINGS = [
  ...["access_key_id", "session_id", "sessionid", "secret_id", "secret_keys", "private_keys"],
  ...["connection_string", "connection_str", "conn_str", "connection_url", "connection_uri", "database_url"],
  ...[
    "redis_url",
    "mongo_url",
    "mongodb_uri",
    "postgres_url",
    "webhook_url",
    "webhook_urls",
    "webhook_uri",
    "hook_url",
  ],
  ...["signed_url", "presigned_url", "invite_link", "invite_url", "magic_link", "reset_link", "service_account"],
  ...["shared_access_signature", "auth", "auth_header", "auth_code", "authorization_code", "code_verifier"],
  ...["mfa_code", "2fa_code", "sms_code", "device_code", "access_code", "reset_code", "pin_code"],
  ...["verification_code", "one_time_code", "recovery_code", "recovery_codes", "backup_code", "backup_codes"],
  ...["security_code", "security_answer", "card_number", "iban", "ssn", "seed_phrase", "x_amz_credential"],
];
/** Names that end so, and hold an identifier or a count. */
const NOT_SECRET = [
  ...["virtual_key", "public_key", "metadata_key", "value_key", "header_key", "cache_key", "masked_key", "group_key"],
  ...["sort_key", "partition_key", "foreign_key", "primary_key", "max_token", "min_token", "on_pass"],
];

/** Every secret's name matches this. Most names do not, and are decided by it alone. */
const HINT = new RegExp([...SECRET_WORDS, ...SECRET_ENDINGS.map((ending) => ending.split("_", 1)[0])].join("|"), "i");

/** The words of a name: `apiKey`, `x-api-key` and `API_KEY` have the same. Numbers at its end do not count. */
function splitWords(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .map((word) => word.replace(/(?<=[a-z])\d{1,4}$/, ""))
    .filter((word) => word !== "" && !/^\d{1,4}$/.test(word));
}

/** So many characters at a name's end are examined: the end says what it holds. */
const NAME_END = 100;

/** Whether a field of this name holds a secret. */
export function isSecretName(name: string): boolean {
  const end = name.slice(-NAME_END);
  if (!HINT.test(end)) return false;
  const stem = withoutNumber(end);
  const known = verdicts.get(stem);
  if (known !== undefined) return known;
  const isOne = holdsSecret(stem);
  if (verdicts.size >= MAX_VERDICTS) verdicts.clear();
  verdicts.set(stem, isOne);
  return isOne;
}

/**
 * The name without the number at its end, as a key of the cache: `splitWords` drops up to four digits.
 * A longer number counts as a word, so it is replaced by one of five digits.
 */
function withoutNumber(name: string): string {
  let end = name.length;
  while (end > 0 && isDigit(name.charCodeAt(end - 1))) end -= 1;
  if (end === name.length) return name;
  return name.slice(0, end) + (name.length - end > 4 ? "00000" : "");
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

/** Verdicts about names that match HINT: the same few names come again and again. */
const MAX_VERDICTS = 1_000;
const verdicts = new Map<string, boolean>();

function holdsSecret(end: string): boolean {
  const words = splitWords(end);
  if (isSecret(words)) return true;
  while (words.length > 1 && FORMS.has(words.at(-1) as string)) {
    words.pop();
    if (isSecret(words)) return true;
  }
  return false;
}

function isSecret(words: readonly string[]): boolean {
  const last = words.at(-1) ?? "";
  const snake = words.join("_");
  const endsIn = (ending: string) => snake === ending || snake.endsWith(`_${ending}`);
  if (NOT_SECRET.some(endsIn)) return false;
  return SECRET_WORDS.has(last) || SECRET_ENDING.test(last) || SECRET_ENDINGS.some(endsIn);
}
