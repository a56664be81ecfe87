/** The schema of a policy file. It is strict: a misspelt restriction must be a mistake, and not be ignored. */
import { z } from "zod";
import { SCOPE, SCOPE_TOKEN } from "../../config/scope-map.ts";
import { oneOrMore, RULE_SCHEMAS, text } from "./rule-keys.ts";

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

const rule = z.strictObject({
  /** The rule's name in refusals. */
  name: text,
  match: z.union([z.literal("anyone"), conditions], {
    error: "give `anyone`, or some of subject, client, organisation, role, scope, each with a text or a list of texts",
  }),
  ...RULE_SCHEMAS,
});

export const POLICY_FILE = z.strictObject({
  version: z.literal(1),
  /**
   * What this server's scopes in a token do. narrow: they narrow what the rule grants; without any, the token has the
   * rule's rights. require: the same, but without any, the token has no rights. ignore: nothing.
   */
  scopes: z.enum(["narrow", "require", "ignore"]).default("narrow"),
  /** The scopes that clients are told to ask for at login, where the issuer does not know this server's. */
  challenge_scopes: z.array(z.string().regex(SCOPE_TOKEN)).optional(),
  /** By the issuer's scope or role, the scopes of this server that it grants. */
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
export type ScopeUse = z.output<typeof POLICY_FILE>["scopes"];
