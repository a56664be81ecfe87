/** What bounds and protects: limits, guardrails, keys and secrets. cue-row.ts tells how a row is read. */
import type { CueRow } from "./cue-row.ts";

export const CUES_OF_LIMITS: readonly CueRow[] = [
  // Limits.
  [
    "(?:dollars?|usd|euros?|eur|money) & limit|cap|restrict & ~{asked} & ~{held} & each|every|per|team|all",
    "!create usage limit",
  ],
  [
    "(?:dollars?|usd|euros?|eur|money) & max|maximum|at most|not more|no more|up to|nobody|over|above|more than & ~{asked} & ~{held}",
    "!create usage limit",
  ],
  [
    "(?:limit|restrict|cap|max\\w*|at most|only|not more) & requests?|calls?|traffic & (?:per|a|an|each|in a|in one) (?:second|minute|hour|day) & ~{asked} & ~{held}",
    "!create rate limit",
  ],
  [
    "tokens? & (?:a|per|each|every) (?:month|week|quarter|year) & may|limit|max\\w*|at most|not more|only & ~{asked}",
    "!create usage limit",
  ],
  [
    "(?:requests|calls|tokens) per (?:minute|second|hour) & slow down|to \\d+|raise|lower|double|allow|increase|change & ~{asked}",
    "!update rate limit",
  ],
  [
    "limits?|budgets?|caps? & about to|close to|near|exceed & who|which|anybody|anyone|his|their",
    "!list usage limit entities",
  ],
  [
    "(?:requests?|calls?|tokens?) (?:in |per |a |an |each |every )+(?:second|minute|hour|day)|rpm|rps & max|maximum|at most|not more|no more|only|cap & ~{asked}",
    "!create rate limit",
  ],
  [
    "limits?|budgets?|counters? & back to zero|from zero|counter|start over|afresh|start counting|blocked & ~{asked}",
    "!reset usage limit entity",
  ],
  [
    "budgets?|usage limits? & left|used|remaining|used up|close|how much & each|every|per|whose|who|left|already",
    "!list usage limit entities",
  ],
  ["(?:limit|budget|cap) & make it|set it|change it & ~{asked}", "!update usage limit"],
  ["reset (?:the |this )?(?:\\w+ ){0,2}(?:budget|usage|counter|limit|quota)", "!reset usage limit entity"],
  ["budgets? & used up|exhausted|reached & has|who|anyone|anybody|which", "!list usage limit entities"],
  [
    "(?:limit|budget|cap|throttle|rate limit|restriction) & raise|increase|double|lower|higher|more|too low|too high|warn|alert & ~{held} & ~{asked}",
    "!update",
  ],
  [
    "(?:usage )?limits?|policy|policies & stop limiting|remove the policy|delete the policy & total|spend|budget|money|cost",
    "!delete usage limit",
  ],
  ["(?:too many requests|429) & rules|throttl\\w*|in place", "!list rate limits"],
  ["throttl\\w*|rate limits? & rules|in place|which|what", "rate limits"],
  // Guardrails.
  [
    "(?:block|refuse\\w*|reject\\w*|filter|mask|detect|stop|forbid) & answers?|requests?|messages|prompts?|outputs?|inputs? & (?:contain|containing|with|that)",
    "!create guardrail",
  ],
  [
    "guardrails?|checks?|checked & (?:every|all|each) (?:workspaces?|teams?)|everywhere|whole|entire|from now on|company wide|by default & must|has to|have to|enforce|apply|should|make & ~{exempt}",
    "!update organisation defaults",
  ],
  [
    "guardrails?|checks?|checked & every workspace|all workspaces|all teams|company wide|everywhere|by default|every team|mandatory|organisation wide & ~{exempt}",
    "organisation defaults",
  ],
  ["guardrails?|checks?|checked & {exempt} & ~{asked}", "!update exclusions"],
  ["guardrails?|checks?|checked & {exempt} & {asked}", "!list exclusions"],
  [
    "{harm} & stop|block|never|refuse\\w*|filter|must not|not|prevent|detect|catch & ~guardrails? & ~{asked}",
    "!create guardrail",
  ],
  ["guardrails? & too (?:much|strict|often|many|little|loose|sensitive) & ~{asked}", "!update guardrail"],
  ["guardrails? & existing|threshold|only (?:log|warn)|instead of & ~{asked} & ~{ends}", "!update guardrail"],
  [
    "guardrails? & what happens|what does|what is in|contain|look for & the|our|this & ~mcp|organisation",
    "!get guardrail",
  ],
  ["guardrails? & which|what & everybody|everyone|every workspace|company|by default", "!get organisation defaults"],
  ["guardrails? & mcp & {asked}|on which", "!list guardrail mcp servers"],
  [
    "guardrails? & mcp & ~on which & exactly|no others?|nothing else|these|instead|only",
    "!replace guardrail mcp servers",
  ],
  ["guardrails? & mcp & ~{asked} & ~on which & ~exactly|no others?", "!upsert guardrail mcp server"],
  // Keys and credentials.
  [
    "api keys? & leaked|stolen|posted|compromised|exposed|pasted|public|hacked|new (?:secret|value) & ~integrations? & ~{ends}",
    "!rotate api key",
  ],
  [
    "integrations? & (?:key|credentials?|secret|token) & leaked|new|rotated|changed|stolen|expired",
    "!update integration",
  ],
  ["api keys & which|what & soon|expire|run out|expiring|expired", "!list api keys"],
  [
    "api keys? & ~^(?:which|what) (?:of our )?api keys & what|which|is|may|when & allowed|scopes?|permissions?|expires?|expiry|may do|can do & {asked}",
    "!get api key",
  ],
  [
    "(?:credentials?|keys?) & stale|without use|without traffic|lying around|idle|orphaned|can go|nobody needs|can be removed|unused",
    "!find unused keys",
  ],
  [
    "api keys? & nobody|unused|dead|not used|not using|stale|no one|never used & which|find|clean|what",
    "!find unused keys",
  ],
  ["make (?:the|this|that|our|my) (?:\\w+ ){0,2}api key", "!update api key"],
  ["give (?:the|this|that|our|my) (?:\\w+ ){0,2}api key & ~new", "!update api key"],
  ["api keys? & not expire|never expire|right to|rights? & ~{asked} & ~with & ~new", "!update api key"],
  ["api keys? & valid|until|must not|should not|may not|not be able|only|stay & ~{asked}", "!update api key"],
  ["(?:needs?|need|give|want) & (?:credentials?|api key|token) & ~integrations? & ~expir\\w*|limit", "!create api key"],
  ["vault|secrets manager|key vault & ~virtual", "secret reference"],
  [
    "(?:api keys?|integration credentials|keys?|credentials|secrets?) & secret reference & in|from|keep|take|get & ~{asked} & ~secret references? (?:to|for)|which",
    "!create secret reference",
  ],
  ["secret reference & get|link|point|fetch|take|from there|keep & ~{asked}", "!create secret reference"],
  ["secret reference & ~vault reference|secret reference for & moved|path|changed", "!update secret reference"],
];
