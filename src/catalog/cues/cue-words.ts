/** Words that stand in several cues, by what they tell. */
import { MODEL_VENDOR } from "./vendors.ts";

export const CUE_WORDS: Readonly<Record<string, string>> = {
  served: "(?:mcp|agents?|servers?)",
  account: "(?<!mcp )(?<!agent )integrations?",
  shared: "(?:integrations?|mcp|agents?)",
  use: "(?:use|using|uses|used|work with|talk|talking|call|calling|reach|access|get at|available|allowed|gets?|needs?)",
  may: "(?:may|can|could|must|should|shall|let|lets|allow|allowed|permitted|able|forbid|forbidden|ban|bar|block|stop|prevent|only|needs?)",
  team: "(?:workspaces?|teams?|departments?|sales|marketing|finance|legal|hr|support|engineering|research|accounting|controlling)",
  asked:
    "^(?:and |so |please |pls |hey |hi |hello |show |tell me |list |find out |check )*(?:who|whom|whose|" +
    "which|what|is|are|does|do(?! not)|did|how|where|when|can (?:i|we|they|people|anyone)|may (?:i|we|" +
    "they)|am i)",
  everybody:
    "(?:everyone|everybody|everywhere|every workspace|all (?:teams|workspaces|departments|people)|for all|whole|company|organisation|anywhere|upstream|nobody|teams?)",
  works:
    "(?:no reply|no answer|no response|silent|not available|be reached|alive|answering|answers?|reachable|respond\\w*|react\\w*|hang|hangs|hanging|dead|timeouts?|down|up|works?|working|online|offline|reach|check)",
  toggle: "(?:hide|disable|enable|turn|switch|block|forbid|allow|able|unlock|activate|deactivate|restrict)",
  fails: "fail\\w*|errors?|went wrong|go wrong|broken|unsuccessful",
  period:
    "(?:per day|per week|per month|a day|day by day|by day|each day|every day|each week|every week|week " +
    "by week|month by month|daily|weekly|monthly|since|curve|trend|over time|over the last|in the last|" +
    "last \\w+|this (?:week|month|year)|january|february|march|april|may|june|july|august|september|" +
    "october|november|december|yesterday|today|hour|hourly)",
  model:
    "(?:gpt\\w*|claude|opus|sonnet|haiku|gemini|llama|mistral large|o1|o3|o4|grok|deepseek r\\w+|qwen|" +
    "mixtral|titan|whisper|embedding|this model)",
  vendors: `(?:${MODEL_VENDOR}|vendors?|providers?)`,
  people: "(?:users?|people|persons?|colleagues?|employees?|staff|customers?)",
  did: "gave|gave out|handed|put|raised|lowered|approved|started|stopped|issued|wrote|installed|revoked|granted|withdrew|reset|exported|added|changed|created|deleted|did|done|edited|modified|published|removed|rotated|touched|switched|turned|disabled|enabled|moved|renamed|broke",
  held: "(?:workspaces?|providers?|integrations?|api keys?)",
  exempt:
    "(?:exempt\\w*|free (?:\\w+ ){1,4}from|release (?:\\w+ ){1,4}from|back under|except\\w*|excused?|excluded?|skips?|let off|free of|spare[ds]?|not check|not apply|without|not checked)",
  thing:
    "(?:agents?|servers?|integrations?|mcp|prompts?|configs?|keys?|guardrails?|partials?|labels?|exports?|collections?|limits?|budgets?|deployments?|providers?|models?|icons?|defaults?|metadata|variables?)",
  harm: "(?:prompt injections?|jailbreak\\w*|swear\\w*|bad words|profan\\w*|passwords?|credit cards?|pii|personal data|toxic\\w*|insults?|hate|social security|phone numbers?|confidential)",
  plural:
    "(?:agents|servers|integrations|prompts|configs|api keys|virtual keys|workspaces|guardrails|partials|labels|exports|collections|limits|deployments|providers|users|invites|groups|secret references|versions|members)",
  ends: "(?:remove|delete|revoke|kill|erase|throw away|get rid|destroy)",
  arrive:
    "(?:new (?:colleague|hire|employee|joiner|person|starter)|joins (?:us|the company)|onboard|login|" +
    "starts (?:on )?(?:monday|tomorrow|next)|let (?:her|him|them) in)",
  leave: "(?:left|quit|leaves|leaving|fired|gone|resign\\w*|retire[ds]?|dismissed|laid off)",
};
