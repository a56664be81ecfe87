/**
 * The keys of a policy file's rule, a row for each. The file's schema, the rule's restrictions, the check of names and
 * the table in docs/access.md follow from the rows. How a restriction is merged and enforced is a row in
 * src/catalog/policy/restrictions.ts.
 */
import { z } from "zod";
import type { Narrowing } from "../../catalog/policy.ts";

interface RuleKey<Schema extends z.ZodType = z.ZodType> {
  readonly schema: Schema;
  /** Its line in docs/access.md. */
  readonly doc: string;
  /** How it narrows the policy; absent: it does not. */
  narrows?(value: z.output<Schema>): Narrowing;
  /** The path of the restriction below the key, for messages. */
  readonly at?: readonly string[];
}

export const text = z.string().min(1).max(512);

/** One value or a list, as a list. */
export const oneOrMore = z
  .union([text, z.array(text).min(1)])
  .transform((value) => (typeof value === "string" ? [value] : value));

/** A reference to a secret, which a policy file must not hold itself. */
const reference = z.union([z.strictObject({ env: text }), z.strictObject({ file: text })], {
  error: "give { env: NAME } or { file: PATH }",
});

const domains = z.union([z.literal("all"), z.array(text)]).default("all");

const keys = z
  .strictObject({
    workspace: reference.optional(),
    admin: reference.optional(),
    /** For editions with service accounts: all three, or none. */
    client_id: reference.optional(),
    client_secret: reference.optional(),
    tsg_id: reference.optional(),
    /** Domains, `domain:read`, `read`, or `none`; also applies to an admin key that is not the rule's. */
    admin_for: oneOrMore.optional(),
  })
  .optional();

export const RULE_KEYS = {
  domains: ruleKey({
    schema: domains,
    doc: "domains that may be used; `all` by default",
    narrows: (value) => ({ domains: domainList(value) }),
  }),
  write_domains: ruleKey({
    schema: domains,
    doc: "domains where more than reading is allowed; `all` of `domains` by default",
    narrows: (value) => ({ writeDomains: domainList(value) }),
  }),
  tools: ruleKey({
    schema: z.array(text).optional(),
    doc: "names and globs; `!` excludes",
    narrows: (tools) => ({ tools }),
  }),
  read_only: ruleKey({
    schema: z.boolean().default(false),
    doc: "only tools that read",
    narrows: (readOnly) => ({ readOnly }),
  }),
  confirm: ruleKey({
    schema: z.enum(["auto", "always", "never"]).optional(),
    doc: "`auto`, `always`, `never`; counts where it is stricter than `PORTKEY_CONFIRM`",
    narrows: (confirm) => ({ confirm }),
  }),
  audit: ruleKey({
    schema: z.enum(["ids", "arguments"]).default("ids"),
    doc:
      "`ids` (default) or `arguments`: what the [audit](security.md#logging-and-auditing) says of a call; " +
      "arguments are masked",
  }),
  keys: ruleKey({
    schema: keys,
    doc:
      "`workspace`, `admin`: with `MCP_CREDENTIALS=policy`, where the Portkey keys are; `admin_for`: what " +
      "the admin key may be used for",
    narrows: (value) => ({ adminKeyFor: value?.admin_for }),
    at: ["admin_for"],
  }),
};

export type KeyReference = z.output<typeof reference>;

type Schemas = { readonly [Key in keyof typeof RULE_KEYS]: (typeof RULE_KEYS)[Key]["schema"] };
type RuleValues = { readonly [Key in keyof Schemas]?: z.output<Schemas[Key]> | undefined };

/** The rows' schemas, by key. */
export const RULE_SCHEMAS = Object.fromEntries(
  Object.entries(RULE_KEYS).map(([key, { schema }]) => [key, schema]),
) as Schemas;

/** A restriction of a rule, with its path in the rule. */
export interface RuleRestriction {
  readonly path: readonly string[];
  readonly narrowing: Narrowing;
}

export function restrictionsOf(rule: RuleValues): RuleRestriction[] {
  const rows: readonly (readonly [string, RuleKey])[] = Object.entries(RULE_KEYS);
  const values = new Map<string, unknown>(Object.entries(rule));
  return rows.flatMap(([key, { narrows, at = [] }]) =>
    narrows === undefined ? [] : [{ path: [key, ...at], narrowing: narrows(values.get(key)) }],
  );
}

function ruleKey<Schema extends z.ZodType>(row: RuleKey<Schema>): RuleKey<Schema> {
  return row;
}

/** Null: all domains. */
function domainList(value: z.output<typeof domains>): readonly string[] | null {
  return value === "all" ? null : value;
}
