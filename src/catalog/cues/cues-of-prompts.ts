/** Prompts, configs, logs and models. cue-row.ts tells how a row is read. */
import type { CueRow } from "./cue-row.ts";

export const CUES_OF_PROMPTS: readonly CueRow[] = [
  // Prompts.
  [
    "prompts?|version & ~{asked} & (?:in|into|to) production|live|users should get|roll|rolled|mistake|revert|go back|back to version|again & version|v\\d+|new & ~(?:label|tag|mark)",
    "!publish prompt",
  ],
  ["prompts? & which version|what version & live|published|active|production", "!get prompt published version"],
  ["prompts? & looks? like|would look & with|values", "!render prompt"],
  [
    "prompts? & (?:from|to|into|over) (?:\\w+ ){0,3}(?:staging|stage|prod|production|dev|environment|live) & move|copy|take|bring|promote|ship",
    "!promote prompt",
  ],
  ["partials? & live|publish\\w*|previous|back & ~{asked} & ~versions", "!publish partial"],
  ["prompts?|version & what|which|how & (?:two|three|some|\\d+) versions? ago", "!get prompt version"],
  [
    "prompts? & versions|all version|changelog|history|earlier versions?|older versions? & ~partial|labels?",
    "!list prompt versions",
  ],
  [
    "prompts? & example|examples|variable|variables|model|wording|text|few shot|parameter & existing|remove|edit|add|change|now|drop|should use & ~{asked} & ~new prompt",
    "!update prompt",
  ],
  ["^(?:please |now )?(?:call|run|execute|try out|try) (?:\\w+ ){0,4}prompt", "!run prompt completion"],
  ["(?:which|what) models? (?:can|may) (?:i|we) (?:call|use) & ~integrations?", "!list providers"],
  ["prompts? & try|run|execute|test & ~{asked}", "!run prompt completion"],
  ["collection & typo|call|rename|name|parent & ~{asked} & ~new", "!update collection"],
  [
    "(?:fill|variables|would be sent|would send|becomes?) & (?:without|not|no|preview|see|look|would)",
    "!render prompt",
  ],
  ["prompts? & version \\d+|v\\d+ & text|say|said|show|get|what|content|look", "!get prompt version"],
  ["label|mark|tag & version|v\\d+ & put|give|move|set|stick|attach", "!update prompt version"],
  ["prompts? & pipeline|git|ci|duplicates|deploy|from code", "!migrate prompt"],
  ["labels? & which|what & versions?|prompt|get|have", "!list prompt labels"],
  // Configs.
  [
    "(?:as (?:a )?(?:backup|fallback|second choice)|spread|distribute|balance|alternate) & ~configs? & ~{asked} & ~prompts?",
    "!create config",
  ],
  [
    "(?:down|fails?|outage|breaks|slow|unavailable) & (?:should|then|instead|automatically|switch|go to|use)",
    "!create config fallback",
  ],
  ["traffic & percent|split|half|share|\\d+ ?%", "!create config loadbalance"],
  ["^cache (?:all|the|our|every)|fall back & ~{asked} & ~{fails}", "!update config cache fallback"],
  ["retry|fall back & then|if|when & how do i", "!create config"],
  [
    "configs? & retr(?:y|ies)|timeouts?|cache|caching|fallbacks?|weights?|targets? & ~{asked} & ~from .{1,20} to",
    "!update config",
  ],
  [
    "configs? & look|looked|before|older|earlier|history|states?|previous & {asked}|older|earlier|show",
    "!list config versions",
  ],
  ["configs? & inside|content|what is in|body", "!get config body current"],
  ["pc \\w+ & inside|content|show|body", "!get config body current"],
  ["pc \\w+", "config"],
  [
    "configs? & (?:to|into|in|over) (?:\\w+ ){0,3}(?:prod|production|staging|live|workspace) & copy|bring|promote|move|take",
    "!promote config",
  ],
  // Logs.
  [
    "(?:requests|calls|logs) & (?:as|into|in) (?:a |one )?(?:file|csv|jsonl?|spreadsheet|excel|dump)|dump",
    "!create log export",
  ],
  ["logs? & where|how & download", "!download log export"],
  ["may (?:i|we) export|allowed to export|not export", "!get log export field restrictions"],
  [
    "(?:write|put|add|record|insert|import|feed) & logs? & calls|requests & own|our|other & ~{asked} & ~file|csv",
    "!insert log",
  ],
  ["export & how far", "!get log export"],
  ["export & link|rows|download|finished", "!download log export"],
  ["export & ready|done|yet|status|progress & {asked}", "!get log export"],
  ["export & stop|abort|halt|cancel", "!cancel log export"],
  [
    "export & not (?:\\w+ )?(?:started|running|run)|leave (?:\\w+ ){1,3}out|only contain|should contain",
    "!update log export",
  ],
  ["export & start|begin|kick off|launch", "!start log export"],
  ["export & not allowed|forbidden|restricted|may not", "!get log export field restrictions"],
  [
    "(?:directly|bypass\\w*|without you|past|around|outside) & calls?|requests?|logs? & record|logs?|insert|gateway",
    "!insert log",
  ],
  [
    "(?:one|this|that|the) (?:request|call|trace) & show|see|what|get|exactly & answer\\w*|sent|said|happened|response",
    "!get trace",
  ],
  [
    "(?:request|call|trace|log|conversation) & ^(?:and )?what & did|was|were & answer\\w*|say|said|sent|" +
      "repl\\w+|asked|happened & ~who",
    "!get trace",
  ],
  ["(?:answer|response|reply) & was|is & great|good|bad|wrong|perfect|terrible|useless & ~{asked}", "!create feedback"],
  [
    "feedback|minus|thumbs|score|stars? & give|save|record|rate|trace|request & ~{asked} & ~wrong|correct|how many",
    "!create feedback",
  ],
  ["feedback|score & wrong|correct|change", "!update feedback"],
  // Models and providers.
  ["(?:fine tuned|own model|custom model|self trained) & ~{asked}", "integration models"],
  [
    "{vendors} & gave|sent|new|fresh|rotated & keys?|secret|credentials & ~{asked} & ~virtual",
    "!update integration credentials",
  ],
  ["prices? & entered|our|custom|negotiated|own & {asked}", "!list integration models"],
  ["integrations? & how much|limit|budget|spend & {asked}", "!list integration workspaces"],
  ["integrations? & dollars?|usd|limit|budget|cap & {team}|workspaces? & ~{asked}", "!update integration workspaces"],
  ["integrations? & models? & {toggle}|forbid|price|prices|priced", "!update models"],
  ["integrations? & models?|{model} & {asked}", "!list integration models"],
  [
    "(?:store|save|keep|deposit|add|enter) (?:our |the |my |this |these )?integration credentials & ~new|" +
      "changed|rotated|fresh|vault|secret reference|leaked",
    "!create integration",
  ],
  ["{model} & {toggle}|forbid & {everybody}|integrations?", "!update integration models"],
  [
    "{model} & prices?|costs?|expensive|cheap\\w* & ~(?:which|most|per) models? & ~our|negotiated|custom|lower|own",
    "!get pricing public",
  ],
  ["prices? & negotiated|custom|lower|own|discount\\w*|agreed & ~{asked}", "!update integration models price"],
  ["{model} & how many tokens|context|images|can|settings|parameters|take & {asked}|how many", "!get model config"],
  [
    "workspaces? & {vendors} & needs?|access|wants?|should & ~integrations?|limit reached & ~{asked}",
    "!create provider",
  ],
  ["(?:usable|enable|available|way to call) & workspace & ~mcp|agents?", "!create provider"],
];
