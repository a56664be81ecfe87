/** Who may use agents and MCP servers, what they can do, whether they answer. cue-row.ts tells how a row is read. */
import type { CueRow } from "./cue-row.ts";

export const CUES_OF_ACCESS: readonly CueRow[] = [
  // Who may use what.
  ["^who & {may} & use|access|call & ~{shared}|workspaces?|models?|{model}", "!list user access"],
  ["^(?:who|which \\w+) & {may} & use|call & models?|{model}", "!list integration workspaces"],
  ["{served} & ^(?:and )?(?:can|may|am|do) i & {use}", "!check user access"],
  ["{served} & (?:do|have) i (?:have )?(?:the )?(?:permission|access|rights?)", "!check user access"],
  [
    "{served} & (?:who|people|persons|users|colleagues) & {may} & {use} & {asked} & ~^can i & ~{account}",
    "!list user access",
  ],
  ["{shared} & ^(?:and )?(?:which|what) (?:\\w+ ){0,2}?{team} & (?:{use}|got|may|can|has)", "!list workspaces"],
  ["{account} & ^(?:and )?who & {use}", "!list workspaces"],
  [
    "{shared} & {team} & ~(?:hr|support|sales|legal|marketing|finance|research|procurement) agent & ~(?:instance|copy) & (?:{may}|give|grant|share|open|take|withdraw|remove|revoke|have) & {use}|give|grant|share|open|take|withdraw|revoke & ~{asked}",
    "!update workspaces",
  ],
  [
    "{served} & {may}|not|no longer|never|nobody & ~no (?:reply|answer|response) & (?:use|talk|call|access|reach|get at) & ~{team} (?!agent) & ~integrations? & ~that other & ~{asked}",
    "!update server user access",
  ],
  ["{shared} & (?:wants?|would like|needs?) (?:to )?use & ~{asked}", "!update integration workspaces"],
  ["{served} & ~i have & locked out|barred|denied|has access|have access & {asked}", "!list server user access"],
  ["{served} & wants?|needs?|give|make & (?:own )?(?:copy|instance) & {team}", "!create server"],
  [
    "mcp|agents? & available|usable|at hand & {team} & should|must|shall|needs?|make & ~{asked} & " +
      "~integrations? & ~open",
    "!create server",
  ],
  ["mcp|agents? & (?:not|no longer) need(?:s)? (?:its|their|our|the|my|this)", "!delete server"],
  // Whether it works.
  ["{served}|integration|upstream & {works}(?: (?:at all|again|now|today|properly|yet|correctly))?$", "!test"],
  [
    "{served}|integration|upstream & ^(?:please |can you |could you )*(?:test|check whether|check if|try to reach|check connectivity)",
    "!test",
  ],
  [
    "{served}|integration|upstream & (?:not|is|are|seems?|whether|if|shows|gives|cannot|can not) (?:\\w+ ){0,4}?{works}",
    "!test",
  ],
  ["{served}|integration|upstream & does (?:\\w+ ){1,5}?{works}", "!test"],
  // What it can do.
  ["agents? & what (?:can|does|may|is|are) .{1,40} do", "!list skills"],
  ["mcp & what (?:can|does|may) .{1,40} do", "!list capabilities"],
  ["mcp & tools?|functions?|resources? & {asked}", "!list capabilities"],
  ["mcp & {toggle} & tools?|functions?", "!update capabilities"],
  ["agents? & {toggle} & ~use|talk|call|access & ~{asked}", "!update skills"],
  ["agents? & (?:not|no longer|never) be able to & ~use|talk to", "!update skills"],
  [
    "integrations?|mcp|agents? & url|address|host|log in to & show|what|where|which & ~changed|wrong",
    "!get integration",
  ],
  ["mcp & (?:new|latest) tools & not|missing|refresh|show up|see", "!sync mcp integration"],
  [
    "mcp & {everybody} & offer|add|connect|register|give|bring|make available & ~{asked} & ~{team}",
    "!create mcp integration",
  ],
  ["mcp & who|which & authori[sz]ed|authenticated|connected & ~{may}", "!list connections"],
  ["mcp & (?:logged|signed) in & {asked}", "!list connections"],
  ["mcp & (?:connection|users access) (?:once )?(?:again|anew|afresh|more)", "!disconnect connection"],
  ["who|people|users|colleagues|anyone & connected (?:at|to|with|in|into) & {asked}", "!list mcp server connections"],
  [
    "nobody|no one|must not|may not|should not|not be able|forbid|ban|hide|block|disable & tools? (?:of|" +
      "from|in|via) & ~{asked} & ~own",
    "!update mcp capabilities",
  ],
  ["mcp & (?:log|sign|kick) (?:\\w+ ){1,3}out|(?:log|sign) in again|authori[sz]e again", "!disconnect connection"],
  ["agents? & (?:says?|said) & itself|url|address|link|can do", "!fetch agent card"],
  // Where it is and how it logs in.
  [
    "(?:login )?tokens & server|mcp & stored|login|upstream & {ends}|throw away|wipe|clear",
    "!delete mcp server tokens",
  ],
  [
    "(?:token|header|auth|url|address|credentials) & mcp|upstream & changed|wrong|new|set|replace & ~{asked} & ~tokens",
    "!update mcp integration",
  ],
  [
    "(?:token|header|auth|url|address|credentials) & agents? & changed|wrong|new|set|replace|correct & ~{asked}",
    "!update agent integration",
  ],
  [
    "mcp|agents? & workspace & (?:put|set|bring|need|create|add|make) & ~{asked} & ~{ends}|user|access",
    "!create server",
  ],
  // Whose it is.
  [
    "mcp|agents? & (?:in|into|for|of) (?:the |our |my |a |one )?(?:\\w+ ){0,3}workspace & ~integrations? & ~every workspace",
    "server",
  ],
  ["mcp|agents? & {everybody} & ~server", "integration"],
  ["mcp|agents? & (?:only|just) (?:in|for) (?!all|every)|in (?:this|our|my) (?:workspace|team)|here", "server"],
  // Gateways.
  ["deployment & {works}|health\\w*", "!ping"],
  ["deployment & only|may|allowed|let & use & workspaces?", "!update deployment"],
  ["deployment & gone|retire|old|decommission|shut & ~{asked}", "!archive deployment"],
  ["deployment & settings?|credentials|change|fresh|allowed & ~{asked} & ~new gateway", "!update deployment"],
];
