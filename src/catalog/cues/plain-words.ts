/**
 * What people who do not know Portkey's terms call its things, and the terms. A row stands for a phrase in singular and
 * plural; the plural of what is said becomes the plural of what is meant, since a list is asked for in the plural.
 * Longer phrases come first. Words that mean one thing only in some company say so with a pattern around them.
 */

import { MODEL_VENDOR, TOOL_VENDOR } from "./vendors.ts";

type Row = readonly [said: string, meant: string];

const VENDOR = `(?:${MODEL_VENDOR}|vendor|llm)`;

const ROWS: readonly Row[] = [
  // Secrets kept elsewhere, and secrets kept here.
  ["pointer to (?:the |our |a )?vault", "secret reference"],
  ["(?:outside |external )?vault (?:pointer|entry|entrie|path|reference|link)", "secret reference"],
  ["secrets? manager", "secret reference"],
  ["vault secret", "secret reference"],
  [`(?:stored|saved|kept) (?:${VENDOR} )?(?:secret|credential)`, "virtual key"],
  [`(?:provider|${VENDOR}) secret`, "virtual key secret"],
  // Vendors of models.
  [`(?:${VENDOR}) (?:account|connection)`, "integration"],
  [`(?:put|store|keep|save) the (?:${VENDOR}) (?:api )?key in(?:to)? the vault`, "create virtual key"],
  [
    `(?:${VENDOR}) (?:api )?(?:key|secret|credential)s?(?! (?:in|into) (?:the |a )?(?:vault|secret))`,
    "integration credentials",
  ],
  [`(?:${VENDOR}) (?:integration)`, "integration"],
  ["vendor link", "provider"],
  // Servers of tools.
  [`(?:${TOOL_VENDOR}) (?:mcp )?(?:tools? )?servers?`, "mcp server"],
  [`(?:${TOOL_VENDOR}) (?:tools? )?(?:connection|account|integration)`, "mcp integration"],
  [`(?:${TOOL_VENDOR}) tool`, "mcp integration"],
  ["tools connection", "mcp integration"],
  ["tools? servers? for the company", "mcp integration"],
  ["(?:public|open) tools? server", "mcp registry server"],
  ["tools? server", "mcp server"],
  // Agents.
  ["(?:connected|company) bot", "agent integration"],
  ["(?:workspace|area|team|space)s? bot", "agent server"],
  ["(?:chat ?)?bot", "agent"],
  // People and where they work.
  ["(?:team |work )?area", "workspace"],
  ["(?:team |work )space", "workspace"],
  ["space", "workspace"],
  ["teammate", "user"],
  ["(?:okta|entra|directory|idp|saml|ad) group", "scim group"],
  // Keys. A token that is counted or paid for is not a key.
  ["(?:access|ci|job|bot|service|team)s? token", "api key"],
  [
    "(?<!(?:many|count|counts|thousand|million|per|input|output|prompt|much|of|burn) )token(?= (?:of|for|is|may|can|should|read|write|from|was|a|until|in|allowed|that)\\b|$)",
    "api key",
  ],
  ["(?<=\\b(?:this|the|our|a|which|that|intern|job) )token", "api key"],
  [
    "(?<!\\b(?:api|virtual|metadata|idempotency|public|secret|encryption|provider|primary) )key(?!s? (?:vault|in vault))",
    "api key",
  ],
  // Prompts.
  ["(?:prompt )?template", "prompt"],
  ["shared (?:snippet|footer|header|text|fragment|block)", "partial"],
  ["(?:(?:reusable|shared|common|same|one) )?(?:text|prompt) (?:block|snippet|module|fragment|piece)", "partial"],
  [
    "(?:shared|common|same|reusable) (?:\\w+ )?(?:text|wording|paragraph|disclaimer|greeting|signature|intro)",
    "partial",
  ],
  ["(?:disclaimer|greeting|footer|boilerplate)(?: text)?", "partial"],
  ["snippet", "partial"],
  ["(?:deployment |release )?stage", "label"],
  ["revision", "version"],
  ["wording", "version"],
  ["folder", "collection"],
  ["director(?:y|ie)", "collection"],
  ["(?:tag|mark|flag|sticker)(?=s? (?:for|on|of|that|which|we|there|to) .{0,30}(?:prompt|version))", "label"],
  [
    "(?:\\w+ )?(?:notice|text|sentence|paragraph|block)(?= that (?:all|many|several|ten|our|most) (?:\\w+ )?prompts)",
    "partial",
  ],
  // Limits.
  ["(?:spending|spend|dollar|money|cost|monthly|budget) (?:cap|limit|ceiling|maximum)", "usage limit"],
  ["(?<=\\b(?:the|a|this|its|our|that) )cap", "usage limit"],
  ["throttle", "rate limit"],
  ["(?:requests?|calls?|tokens?) per (?:second|minute|hour|day) (?:restriction|rule|limit|cap)", "rate limit"],
  ["(?:speed|pace|traffic|request|burst) (?:restriction|limit|rule|cap)", "rate limit"],
  ["(?:spending|money|cost|token) (?:restriction|rule|allowance|quota)", "usage limit"],
  ["allowance", "usage limit"],
  // Checks.
  [
    "(?:content|safety|pii|toxicity|word|input|output|privacy|language|jailbreak|injection|secrets?|" +
      "profanity|moderation|bias|topic|regex|length|hallucination) (?:check|rule|filter|scan)",
    "guardrail",
  ],
  ["(?<=\\b(?:the|a|this|our) )check", "guardrail"],
  // Routing.
  ["routing (?:setup|rule|setting|config)", "config"],
  ["routing", "config"],
  // Calls and their files.
  ["file (?:with|for) (?:the |all )?(?:calls|requests|logs)", "log export"],
  ["dump of (?:the |our |all )*(?:calls|requests|logs)", "log export"],
  ["log(?:ging)? (?:job|dump|download)", "log export"],
  ["(?:job|run) for (?:the |our )?logs", "log export"],
  ["(?:download|file) of (?:the )?(?:calls|requests|logs)", "log export"],
  ["(?:calls|requests|logs)(?: \\w+){0,6} as a (?:file|csv|spreadsheet)", "!create log export"],
  ["(?:the )?download", "log export"],
  ["thumbs? (?:up|down)", "feedback"],
  ["rating", "feedback"],
  // What is asked about them.
  ["(?:who|which teams?) (?:belong|belongs) to (?:the )?", "!list workspace members "],
  ["(?:is|are) (.{1,60}?) (?:up|alive|answering|reachable|online|working)$", "!test $1"],
  ["does (.{1,60}?) (?:answer|respond|work)$", "!test $1"],
  ["log (\\w+) out of", "!disconnect user from"],
  ["(?:end|expiry|expiration) date", "expiry"],
  ["(?:only )?(?:be )?good until", "!update expiry"],
  ["(?:run|runs|ran) out", "expire"],
  ["how often do (?:calls|requests) fail", "error rate"],
  ["(?:kinds?|sorts?|types?) of (?:failure|error)", "error stacks"],
  ["how often is the cache", "cache hit rate"],
  ["(?:all in all|in all|altogether|overall)", "summary"],
  ["how many (?:different |distinct )?(?:people|users|persons)", "users analytics"],
  ["(?:calls|requests) per (?:person|user|head)", "user requests analytics"],
  ["which (?:team|workspace)s? (?:calls|uses|spends|costs) (?:us )?the most", "analytics group workspaces"],
  ["(?:which|what) (?:person|people|users?) (?:calls?|uses?|spends?|costs?) (?:us )?the most", "user stats"],
  ["(?:pay|paid|spend|spent|cost) (?:us )?(?:per|each|every|a) day", "cost analytics"],
  [
    "(?:split|broken down|spend|usage|cost) by (?:customer|department|tenant|project|feature|cost center)s?",
    "analytics group metadata",
  ],
  ["made (?:us|it) (?:pay|cost|spend|so expensive)", "!explain cost"],
  [
    "(?:off|exempt from|free of|skip|skips|let off) (?:the )?(?:input guardrail|guardrail on (?:what goes in|input|questions|prompts))s?",
    "input guardrail exclusions",
  ],
  [
    "(?:off|exempt from|free of|skip|skips|let off) (?:the )?(?:output guardrail|guardrail on (?:what comes (?:back|out)|output|answers))s?",
    "output guardrail exclusions",
  ],
  ["guardrails? on (?:what goes in|input|questions)", "input guardrail exclusions"],
  ["guardrails? on (?:what comes (?:back|out)|output|answers)", "output guardrail exclusions"],
  ["(?:too|so) (?:strict|loose|low|high|slow|tight)", "!update"],
  ["show (?:me )?(?:one|a|this|the) (?:call|request|conversation) ", "!get trace "],
  ["(?:most expensive|dearest|cheapest) model", "!get analytics group models"],
  ["which model (?:\\w+ ){0,4}(?:the most|most)", "!get analytics group models"],
  ["which (?:vendor|provider) (?:\\w+ ){0,4}(?:the most|most)", "!get analytics group providers"],
  ["what (?:does|do|would) (?:\\w+ ){0,3}tokens? of (.{1,30}?) cost", "!get model pricing $1"],
  ["what (?:can|may) (?:the |our |this )?(?:\\w+ )?api key do", "!get api key scopes"],
  ["what can (?:the |our |this )?(.{1,40}?) do$", "!list $1 skills capabilities"],
  ["what does (?:the |our |this )?(.{1,40}?) say about itself$", "!get $1 metadata"],
  [
    "who (?:can|may|is allowed to) (?:use|talk to|call) (?:the |our |this )?(.{1,40}?integration)",
    "!list $1 workspaces",
  ],
  ["who (?:can|may|is allowed to) (?:use|talk to|call) (?:the |our |this )?(.{1,40}?server)", "!list $1 user access"],
  ["let (?:only|nobody but|just) (?:\\w+ ){1,4}?(?:use|talk to|call) (?:the |our |this )?", "!update user access "],
  ["remove (?:\\w+ ){1,3}access to (?:the |our )?(.{1,30}?server)", "!update $1 user access"],
  ["open (?:the |our |this )?(.{1,30}?integration) to ", "!update $1 workspaces "],
  ["let (?:the )?(\\w+ team|\\w+) use (?:the |our |this )?(.{1,30}?integration)", "!update $2 workspaces"],
  ["stop (?:the )?(\\w+ team|\\w+) from using (?:the |our |this )?(.{1,30}?integration)", "!update $2 workspaces"],
  ["(?:put|add|move) \\w+(?: and \\w+)? (?:in|into|to) (?:the |our )?(?:\\w+ ){0,3}workspace", "!add workspace member"],
  ["if (?:\\w+ ){1,3}?(?:is down|fails|breaks|is slow|times out)", "!create config fallback"],
  ["retry (?:\\w+ )?(?:times )?when", "!update config retry"],
  ["(?:stop using|replace) (?:\\w+ ){1,4}?in \\w+", "!update config model"],
  ["turn (?:the )?cach(?:e|ing) (?:on|off)", "!update config cache"],
  ["turn (?:on|off) (?:the )?cach(?:e|ing)", "!update config cache"],
  ["split traffic", "!create config loadbalance"],
  ["(?:give|get) (?:her|him|them|\\w+) (?:a )?(?:login|access to portkey)", "!invite user"],
  ["(?:never|not) (?:got|arrived|received)", "!resend"],
  ["(?:name|call|tag|mark) this version", "!update version"],
  ["gathers? dust", "unused"],
  ["(?:has |have )?(?:no one|nobody|no request) (?:touched|used|uses)", "unused"],
  ["right (?:to|for) ", "scope "],
  ["sign it up", "!register"],
  ["(?:i|we) need (?:a |an |another |some |new )", "!create "],
  ["(?:begin|start|kick off) (?:making )?the file", "!start log export"],
  ["(?:stop|abort) (?:making )?the file", "!cancel log export"],
  ["(?:begin|start|kick off) making the file", "!start log export"],
  ["(?:link|url) (?:to|for|of) (?:the )?(?:file|download)", "!download log export"],
  ["set (?:the |an? )?(.{1,30}?) up in", "!create $1 in"],
  ["(?:get|bring|put) (?:\\w+ ){1,3}access (?:back )?to", "!update user role"],
  ["(?:no|any) (?:team|workspace|user|key|one) may spend more than", "!create usage limit"],
  ["(?:not|no) more than (?:\\w+ ){1,3}(?:a|per) (?:minute|second|hour|day|week)", "!create rate limit"],
  ["(?:can|may) (?:the |this |our )?((?:\\w+ )?api key) \\w+", "!get $1 scopes"],
  ["what is (?:the |this |our )?((?:\\w+ )?api key) allowed to do", "!get $1 scopes"],
  ["(?:queued|waiting|pending) to join", "user invites"],
  ["start (.{1,40}?) over from (?:zero|scratch)", "!reset $1"],
  // Gateways that a company runs.
  ["(?:self[ -]?(?:run|hosted)|own|on ?prem\\w*|local|private) gateway", "deployment"],
  ["on prem\\w* gateway", "deployment"],
  ["data plane", "deployment"],
  [
    "gateway(?= (?:in|at|inside) (?:the |our |my |a )?(?:\\w+ )?(?:data ?cent(?:er|re)|cluster|cloud|kubernetes|datacenter|rack|office|region|frankfurt))",
    "deployment",
  ],
  [
    "gateway(?=s? (?:that |which )?(?:runs?|running|hosted|installed) (?:in|on|at|inside) (?:our|my|the|own) )",
    "deployment",
  ],
  ["gateway(?=s? (?:do )?(?:we|ourselves) (?:run|host|operate))", "deployment"],
];

const compiled = ROWS.map(
  ([said, meant]) =>
    [
      new RegExp(said.endsWith("$") || said.endsWith(" ") ? `\\b(?:${said})` : `\\b(?:${said})(s|es|ies)?\\b`, "g"),
      meant,
    ] as const,
);

/** What stands for a phrase; the plural of what is said becomes the plural of what is meant. */
function replaced(text: string, pattern: RegExp, meant: string): string {
  if (meant.includes("$")) return text.replace(pattern, meant);
  return text.replace(pattern, (_said, plural?: unknown) => (typeof plural === "string" ? `${meant}s` : meant));
}

/**
 * `request`, in lower case, with what people call things replaced by the terms.
 * A verb that decides what is wanted has a `!` before it.
 */
export function inTerms(request: string): string {
  return compiled.reduce((text, [pattern, meant]) => replaced(text, pattern, meant), request);
}
