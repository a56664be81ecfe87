/** Who did what, and what was used and paid. cue-row.ts tells how a row is read. */
import type { CueRow } from "./cue-row.ts";

export const CUES_OF_USAGE: readonly CueRow[] = [
  // Who did it.
  [
    "who (?:has |had |the \\w+ )?(?:{did})|by whom|who was behind|who is behind|who (?:was|did) (?:it|that|this)|who is (?:responsible|to blame)",
    "!list audit audit admin",
  ],
  ["administrative|admin changes|changed settings|settings (?:were|was) changed|activity of", "!list audit admin logs"],
  ["audit|auditors?|admin actions?|admins? (?:do|did|done)", "!list audit admin"],
  // Money, counts and times.
  ["feedback & {model}|models? & happier|satisfied|better|compare\\w*|or|versus", "!get feedback models analytics"],
  [
    "why|reason|explain|explanation|what happened|how come|cause & costs?|bills?|spend|spent|pay|paid|expensive|money|invoice",
    "!explain cost",
  ],
  [
    "(?:costs?|bills?|spend|spent|pay|paid|spending|invoice) & (?:times|doubled|tripled|jump\\w*|spik\\w*|exploded|more than|unusual|sudden\\w*|went up|rose|higher|twice|3x|2x|10x)",
    "!explain cost",
  ],
  [
    "costs?|spend|spent|paid|pay|money|spending & {period} & ~max\\w*|above|more than|at most|limit|cap|allowed|stop|only",
    "!get cost analytics",
  ],
  ["success\\w*|succeed\\w* & percent\\w*|share|rate|quota|ratio", "!get error rate analytics"],
  ["(?:{fails}) & percent\\w*|share|rate|quota|ratio", "!get error rate analytics"],
  ["(?:{fails}) & {period} & ~(?:percent\\w*|share|rate|quota|ratio|file|\\d{3}s?)", "!get error analytics"],
  ["(?:[45]\\d\\ds?|[45]xx|status codes?) & how many|total|number|count|altogether", "!get error status codes"],
  [
    "(?:[45]\\d\\ds?|[45]xx|status codes?) & curve|over time|trend|chart|graph|split|per day|per hour|timeline",
    "!get error stacks",
  ],
  [
    "slow|slower|slowly|sluggish|ages|takes long|response times?|p50|p90|p95|p99|wait & ~cache\\w*",
    "!get latency analytics",
  ],
  ["cach\\w+ & fast|quick\\w*|latency|speed|response time|slow", "!get cache hit latency"],
  ["cach\\w+ & percent\\w*|rate|curve|weeks|days|over time|better|worse|trend|how often", "!get cache hit rate"],
  ["cach\\w+ & total|altogether|quarter|summary|overall|whole", "!get cache summary"],
  ["{people} & how many (?:calls|requests) & per", "!get user requests analytics"],
  ["{people} & cost|costs|requests & (?:per|by|each) (?:user|person|colleague|employee|head)", "!get user stats"],
  ["tokens & how many|consum\\w*|usage|used|burn\\w*|daily|count & ~price|cost|budget|limit", "!get token analytics"],
  [
    "(?:calls|requests|traffic) (?:per|a|an|each) (?:minute|second|hour|day) & ~limit|max\\w*|at most|not more|cap|only|to \\d+|{fails} & ~{people}",
    "!get request analytics",
  ],
  [
    "requests?|calls?|traffic|volume|busy & how many|how much|how busy|volume|number & ~(?:line|row)s? " +
      "(?:per|for) & ~(?:{fails}) & ~users?|people|persons|tokens?|limit|budget",
    "!get request analytics",
  ],
  [
    "fallbacks?|retr(?:y|ies) & how often|how many|save|saved|saves|help|helped|rescue\\w*",
    "!get rescued requests analytics",
  ],
  ["how many (?:\\w+ )?{people}", "!get users analytics"],
  ["{people} & how many & use|uses|using|used|active|actually", "!get users analytics"],
  ["power users|heavy users|top users", "!get user stats"],
  ["active users", "!get users analytics"],
  [
    "{people}|who & most|highest|heaviest|biggest|top & costs?|usage|use|uses|spend\\w*|requests|calls|burn\\w*",
    "!get user stats",
  ],
  ["(?:line|row|entry) (?:per|for each|for every|for) & ~{people}|metadata|tags?|customers?", "!get analytics group"],
  ["models? & popular|favou?rite", "!get analytics group models"],
  ["models? & most|top & calls?|called|use|used|usage|requests", "!get analytics group models"],
  ["{vendors} & ranking|rank & ~workspaces?|users?", "!get analytics group providers"],
  [
    "{vendors} & (?:versus|vs|compare\\w*|or more|side by side|more) & use|usage|calls|requests|traffic",
    "!get analytics group providers",
  ],
  [
    "{team} & which|what|compare|rank & most|how much|usage & ~{shared} & ~limit|budget",
    "!get analytics group workspaces usage",
  ],
  [
    "costs?|spending|spend|spent & (?:per|by|for each|each of|every|broken down by|row per) (?:our |the )?(?:customers?|tenants?|departments?|projects?|features?|apps?|tags?|metadata)",
    "!get analytics group metadata",
  ],
  [
    "(?:costs?|spending|spend|spent|requests|calls|traffic|usage) & (?:per|by|for each|each|every|row per|which|from each) (?:api )?(?:keys?|configs?|prompts?|models?) & ~limits?",
    "!get analytics group",
  ],
  ["feedback|happier|satisfied|happy & models?|{model}", "!get feedback models analytics"],
  ["feedback|scores?|satisf\\w+ & average|mean|weight\\w*", "!get feedback weighted analytics"],
  ["feedback|stars? & distribut\\w*|spread|how many gave|each score|histogram", "!get feedback scores analytics"],
  [
    "feedback|rate & how many|number|less|more|over time|trend & ~(?:gave|{fails}|cach\\w*|requests?)",
    "!get feedback analytics",
  ],
];
