/**
 * Which words of a request are only a thing's own name or its place: "summary" in "the summary prompt", "the finance
 * workspace" in "the invoice agent in the finance workspace". They say little of what is wanted.
 */
import { termsOf } from "../search-terms.ts";

const KINDS =
  "agents?|servers?|integrations?|mcp|prompts?|configs?|keys?|workspaces?|guardrails?|partials?|labels?|exports?|collections?|limits?|deployments?|providers?|gateways?|users?|version";

/** Words before a kind that tell kinds apart; everything else before it is a name. */
const TELLING = new Set(
  (
    "api virtual usage rate mcp agent prompt input output log audit user workspace scim secret default defaults guardrail service admin " +
    "cache cost error feedback latency token request rescued config partial version published latest newest new old unused own organisation " +
    "integration gateway provider label collection deployment running finished which what of in for to on the a an our my this that and or all no any " +
    "model models key keys expired expiring expiry spending spend name whole entire every each from with into by one two three not is are does do did can " +
    "gateway vendor registry public default first second create update delete get list test use may stop remove add put see show"
  ).split(" "),
);

const BEFORE_KIND = new RegExp(`(?:the|our|my|this|that|an?|for|in|of|to) ((?:\\w+ ){1,3}?)(?:${KINDS})\\b`, "g");
const PLACE =
  /\b(?:in|into|of|for|from|to|on|at) (?:the |our |my |this |that |a |one )?(?:\w+ ){0,3}?(?:workspace|team)s?\b/g;
const THINGS = new RegExp(
  `\\b(?:${KINDS.replace("|workspaces?", "")}|models?|costs?|spend\\w*|logs?|requests|calls)\\b`,
);

/** The terms of `clause` (in the tools' terms, lower case) that are names or places. */
export function namesOfThings(clause: string): ReadonlySet<string> {
  const names = [...clause.matchAll(BEFORE_KIND)]
    .flatMap(([, words = ""]) => words.trim().split(" "))
    .filter((word) => !TELLING.has(word));
  const rest = clause.replace(PLACE, " ");
  const places = THINGS.test(rest)
    ? ["workspace", "workspaces", "team", "teams"].filter((word) => !rest.includes(word))
    : [];
  return new Set([...names, ...places].flatMap(termsOf));
}
