/** What holds for things of every kind. cue-row.ts tells how a row is read. */
import type { CueRow } from "./cue-row.ts";

export const CUES_OF_ANYTHING: readonly CueRow[] = [
  // Several things of a kind.
  [
    "^(?:and )?(?:which|what|show|list|all|see)(?: me| us)?(?: the| our| all| of| these)* (?:\\w+ )?{plural} & ~most|costs?|spend\\w*|per|usage|popular|{may} (?:i|we|use)",
    "!list",
  ],
  ["^(?:the |our |all |all the |all our |these )?{plural} (?:in|of|with|from|that|which|we)", "!list"],
  ["^(?:the |our |all )*budgets (?:in|of|that|which|we)", "!list usage limits"],
  [
    "^(?:is|are) there (?:already |an? |any |some )*(?:\\w+ ){0,3}?{thing}|^do we (?:already )?have " +
      "(?:an? |any |some )*(?:\\w+ ){0,3}?{thing} & ~{use}",
    "!list",
  ],
  ["^where (?:is|are|can i find|do i find) (?:the |our |my )?(?:\\w+ ){0,3}?{thing} & ~url|address|host", "!list"],
  ["^(?:the |show |show me |give me )*(?:settings|details|configuration|parameters|info) (?:of|for)", "!get"],
  ["(?:hook|plug|wire) (?:\\w+ ){1,5}(?:into|in|up|to)", "!create"],
  // What any thing may suffer.
  [
    "(?:not|no longer|never) need(?:ed)?|obsolete|outdated|redundant|superfluous|not used|unneeded|no longer (?:be )?(?:registered|listed|there|used)|take (?:\\w+ ){1,4}out of the (?:catalogue|list|registry)|(?:not|no longer) (?:necessary|required)|get rid of|throw (?:\\w+ ){1,4}away & ~{asked}",
    "!delete",
  ],
  ["(?:another|different|new|better|wrong) (?:name|description|title)|rename|typo in & ~{asked}", "!update"],
  [
    "(?:must|should|shall|has to|needs to) (?:now )?(?:say|contain|be called|have|use|also|only|not|look|point|run) & ~{asked} & ~{ends}",
    "!update",
  ],
  [
    "^(?:please |pls )?(?:an?|another|one more|new|some) (?:\\w+ ){0,2}?(?:api key|partial|prompt|workspace|label|collection|config|guardrail|provider)s? (?:for|with|that|please|where) & ~{asked}",
    "!create",
  ],
  ["^(?:api key|partial|label|collection|config|guardrail) (?:for|with) & ~{asked}", "!create"],
  ["(?:too|not) (?:strict|loose|low|high|tight|small|big|generous) & ~{asked}", "!update"],
];
