/** People and where they work. cue-row.ts tells how a row is read. */
import type { CueRow } from "./cue-row.ts";

export const CUES_OF_PEOPLE: readonly CueRow[] = [
  // People.
  [
    "(?:remove|take|kick|throw|drop) (?:the |this |that )?(?:person|user|colleague|member) (?:out of|off|from) & workspaces?|teams?",
    "!remove workspace member",
  ],
  ["{arrive} & ~workspaces? & ~tokens", "!invite user"],
  ["{people}|member|colleague & departed|left|quit|leaving & ~workspaces?", "!delete user"],
  ["{leave} & account|everywhere|everything|company|left|quit|fired|gone & ~workspaces?", "!delete user"],
  [
    "invit\\w+|join & again|never got|never arrived|once more|not received|lost|did not get|resend",
    "!resend user invite",
  ],
  ["invit\\w+ & accepted|pending|open|whom|who|which|list", "!list user invites"],
  ["invit\\w+ & back|cancel|stop|wrong|mistyped|withdraw|undo", "!delete user invite"],
  ["becomes?|promote|demote & admin|owner|member & ~workspaces?", "!update user"],
  [
    "^(?:everybody|everyone|all (?:the )?(?:people|users|persons)|people|persons|users) (?:with|who have|" +
      "who has|having) (?:an? )?(?:accounts?|logins?)",
    "!list all users",
  ],
  ["{people}|everybody|everyone & list|all & ~workspaces?|cost|usage|{shared} & our|list", "!list all users"],
  [
    "workspaces? & manage|administer|run|lead & should|shall|must|may|can & ~{asked} & ~{thing}",
    "!update workspace member",
  ],
  [
    "admin|owner|member|role & organisation|company|whole & make|should|just|promote|demote|only & ~workspaces?",
    "!update user",
  ],
  ["workspaces? & who is (?:in|on)|who works|people in|who belongs|members of", "!list workspace members"],
  [
    "workspaces?|teams?|data & (?:take|remove|kick) (?:her|him|them|\\w+) (?:out of|off|from) & ~{thing}",
    "!remove workspace member",
  ],
  [
    "workspaces? & (?:take|remove|kick|throw|drop) (?:\\w+ ){1,3}(?:out of|off|from) & ~{thing}",
    "!remove workspace member",
  ],
  [
    "workspaces? & (?:not|no longer|never) (?:be )?(?:belongs?|part of|a member|members of|works?) & " +
      "~{thing} & ~{asked}",
    "!remove workspace member",
  ],
  ["workspaces? & (?:put|add|get|bring) (?:\\w+ ){1,3}(?:in|into|to|on) & ~{thing}", "!add workspace member"],
  [
    "workspaces? & manager|admin|member|viewer|read|role & make|should|only|promote|demote|change & ~{asked} & ~(?:scim )?groups?",
    "!update workspace member add",
  ],
  ["workspaces? & is \\w+ in|as what|role|what may \\w+ do & {asked}", "!get workspace member"],
  ["group & (?:ad|okta|entra|azure|idp|directory|scim) & {asked} & ~(?:no|not) & ~workspaces?", "!list scim groups"],
  ["scim groups? & workspaces?|role|admin|members? & ~{asked} & ~not|no longer|stop", "!create scim workspace mapping"],
  ["scim groups? & workspaces?|role|access & not|no longer|stop|end|remove", "!delete scim workspace mapping"],
  // Workspaces.
  [
    "(?:workspaces?|prod|production|staging|dev) & differ\\w*|compare|compared|against|missing|same|in sync & ~usage|cost|costs|requests|spend\\w*",
    "!diff workspaces",
  ],
  ["workspaces?|everything & backup|as json|one file|as a file|save", "!export workspace"],
  ["workspaces? & (?:new|found\\w*|another) & needs?|own|project|department|team", "!create workspace"],
  ["workspaces? & by default|default|defaults & ~guardrails?|check\\w*", "!update workspace"],
];
