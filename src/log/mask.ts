/**
 * Masks secrets by the name of the field that holds them: for dry runs and log lines. Answers of Portkey never pass
 * through here, because a key that was just created is shown once and must reach the caller whole.
 */

/** A field whose name ends in one of these words holds a secret. */
const SECRET_WORDS = new Set([
  "key",
  "apikey",
  "secret",
  "secrets",
  "password",
  "passwords",
  "passwd",
  "passphrase",
  "token",
  "jwt",
  "authorization",
  "credential",
  "credentials",
  "cookie",
]);
/** Names that end in such a word and hold an identifier, or do not and hold a secret. */
const NOT_SECRET = new Set([
  "virtual_key",
  "public_key",
  "metadata_key",
  "value_key",
  "header_key",
  "cache_key",
  "masked_key",
  "x_portkey_virtual_key",
]);
const ALSO_SECRET = new Set(["vault_secret_id", "vertex_service_account_json", "service_account_json", "auth_header"]);
/** Lists whose `key` members name something to match on, as in a policy's conditions. */
const NAMING_LISTS = new Set(["conditions", "group_by"]);
const HARMLESS_HEADERS = new Set(["content-type", "content-length", "accept", "user-agent", "host"]);

/** Whether a field of this name holds a secret. */
export function isSecretName(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  const snake = words.join("_");
  if (NOT_SECRET.has(snake)) return false;
  return ALSO_SECRET.has(snake) || SECRET_WORDS.has(words.at(-1) ?? "");
}

/** Hides a secret; of one longer than 12 characters the last 4 stay, so that a person can tell two keys apart. */
export function maskSecret(secret: string): string {
  return secret.length > 12 ? `****${secret.slice(-4)}` : "****";
}

/**
 * A copy of a JSON value with every secret string masked, at any depth: by field name, in objects named like headers,
 * and wherever a string is a bearer token. Anything that is not a plain object, array or string stays as it is.
 */
export function maskSecrets(value: unknown): unknown {
  return mask(value, false, "", maskSecret);
}

/** A copy of a JSON value whose strings show none of `secrets`, wherever they stand in them. */
export function maskQuoted(value: unknown, secrets: readonly string[]): unknown {
  if (secrets.length === 0) return value;
  if (typeof value === "string")
    return secrets.reduce((text, secret) => text.replaceAll(secret, maskSecret(secret)), value);
  if (Array.isArray(value)) return value.map((item) => maskQuoted(item, secrets));
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, maskQuoted(member, secrets)]));
}

/** Shorter values are not masked in texts: they would match parts of ordinary words. */
const SHORTEST_SECRET = 6;

/** The secrets that `maskSecrets` would hide, for texts that may quote them. */
export function secretsIn(value: unknown): string[] {
  const found = new Set<string>();
  mask(value, false, "", (secret) => {
    const bare = secret.replace(/^bearer\s+/i, "");
    if (bare.length >= SHORTEST_SECRET) found.add(bare);
    return "";
  });
  return [...found];
}

function mask(value: unknown, secret: boolean, list: string, hide: (secret: string) => string): unknown {
  if (typeof value === "string") return secret || /^bearer\s/i.test(value) ? hide(value) : value;
  if (Array.isArray(value)) return value.map((item) => mask(item, secret, list, hide));
  if (!isPlain(value)) return value;
  const headers = /headers?$/i.test(list);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const names = name === "key" && NAMING_LISTS.has(list);
      const header = headers && !HARMLESS_HEADERS.has(name.toLowerCase());
      return [name, mask(member, secret || header || (isSecretName(name) && !names), name, hide)];
    }),
  );
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
