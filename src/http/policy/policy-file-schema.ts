/**
 * What a policy file may hold. Unknown names are mistakes: a misspelt restriction must not be one that is missing.
 */
import { z } from "zod";
import { SCOPE, SCOPE_TOKEN } from "../../config/scope-map.ts";

const text = z.string().min(1).max(512);
/** One value, or a list of which one is enough. */
const oneOrMore = z
  .union([text, z.array(text).min(1)])
  .transform((value) => (typeof value === "string" ? [value] : value));

const key = z.union([z.strictObject({ env: text }), z.strictObject({ file: text })], {
  error: "give { env: NAME } or { file: PATH }",
});

const conditions = z
  .strictObject({
    subject: oneOrMore.optional(),
    client: oneOrMore.optional(),
    organisation: oneOrMore.optional(),
    role: oneOrMore.optional(),
    scope: oneOrMore.optional(),
  })
  .refine((match) => Object.keys(match).length > 0, {
    error: "an empty match fits nobody on purpose; write `match: anyone` for everybody",
    when: ({ issues }) => issues.length === 0,
  });

const domains = z.union([z.literal("all"), z.array(text)]);

const rule = z.strictObject({
  /** Named in refusals. */
  name: text,
  match: z.union([z.literal("anyone"), conditions], {
    error: "give `anyone`, or some of subject, client, organisation, role, scope, each with a text or a list of texts",
  }),
  /** Domains that may be used; left out: all. */
  domains: domains.default("all"),
  /** Domains where more than reading is allowed; left out: all of `domains`. */
  write_domains: domains.default("all"),
  /** Names and globs; a leading ! excludes. */
  tools: z.array(text).optional(),
  read_only: z.boolean().default(false),
  confirm: z.enum(["auto", "always", "never"]).optional(),
  /** What the audit says of a call: the ids it is about, or its masked arguments too. */
  audit: z.enum(["ids", "arguments"]).default("ids"),
  keys: z
    .strictObject({
      /** With MCP_CREDENTIALS=policy: where the rule's Portkey keys are found. Never the keys themselves. */
      workspace: key.optional(),
      admin: key.optional(),
      /** The same for an edition with service accounts; all three, or none. */
      client_id: key.optional(),
      client_secret: key.optional(),
      tsg_id: key.optional(),
      /** What the admin key, wherever it comes from, may be used for: domains, `domain:read`, `read`, or `none`. */
      admin_for: oneOrMore.optional(),
    })
    .optional(),
});

export const POLICY_FILE = z.strictObject({
  version: z.literal(1),
  /**
   * narrow: the scopes of this server that a token carries narrow what its rule grants; a token with none has the
   * rule's rights. require: a token with none may do nothing. ignore: scopes play no part.
   */
  scopes: z.enum(["narrow", "require", "ignore"]).default("narrow"),
  /** What clients are told to ask for at login, where the issuer does not know this server's scopes. */
  challenge_scopes: z.array(z.string().regex(SCOPE_TOKEN)).optional(),
  /** What the issuer's own scopes and roles stand for, each one of this server's scopes or several. */
  scope_map: z
    .record(
      text,
      oneOrMore.refine((scopes) => scopes.every((scope) => SCOPE.test(scope)), {
        error: "give scopes of this server, such as portkey:read",
      }),
    )
    .default({}),
  rules: z.array(rule).min(1),
});

export type RuleText = z.output<typeof rule>;
export type Match = RuleText["match"];
export type KeyReference = z.output<typeof key>;
export type ScopeUse = z.output<typeof POLICY_FILE>["scopes"];
