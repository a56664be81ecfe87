import { describe, expect, it } from "vitest";
import { adminKeyRefusal } from "../../../src/catalog/admin-key.ts";
import { createPolicy } from "../../../src/catalog/create-policy.ts";
import { PortkeyMcpError } from "../../../src/errors/errors.ts";
import type { PolicyFileContext } from "../../../src/http/policy/policy-file-context.ts";
import { readPolicyFile, ruleFor } from "../../../src/http/policy/policy-file.ts";
import { RULE_KEYS } from "../../../src/http/policy/rule-keys.ts";
import { principalOf } from "../../../src/http/auth/principal.ts";
import { RECORDS } from "../../catalog-policy/records.ts";

const SECRETS: Readonly<Record<string, string>> = { PORTKEY_OPS_KEY: "pk-ops" };
const CONTEXT: PolicyFileContext = {
  policy: createPolicy(),
  records: RECORDS,
  credentials: "server",
  readSecret: (reference) => {
    if ("env" in reference) return SECRETS[reference.env];
    return reference.file === "/run/secrets/admin" ? "pk-admin" : undefined;
  },
};

function mistakesOf(text: string, context: Partial<PolicyFileContext> = {}): string[] {
  try {
    readPolicyFile({ path: "policy.yaml", text }, { ...CONTEXT, ...context });
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(PortkeyMcpError);
    expect((error as PortkeyMcpError).code).toBe("CONFIG");
    return (error as Error).message.split("\n");
  }
}

const MISTAKES: readonly {
  name: string;
  given: string;
  context?: Partial<PolicyFileContext>;
  want: readonly string[];
}[] = [
  {
    name: "an empty file",
    given: "",
    want: ["policy.yaml, line 1: the file: must be an object, not empty."],
  },
  {
    name: "no rules",
    given: "version: 1\n",
    want: ["policy.yaml, line 1: rules: is missing; give a list."],
  },
  {
    name: "another version",
    given: "version: 2\nrules:\n  - { name: a, match: anyone }\n",
    want: ["policy.yaml, line 1: version: must be 1, not 2."],
  },
  {
    name: "broken YAML",
    given: "version: 1\nrules:\n  - name: a\n    match: {role: [x\n",
    want: [
      "policy.yaml, line 5: Flow sequence in block collection must be sufficiently indented and end with a ]",
      "policy.yaml, line 5: Flow map in block collection must be sufficiently indented and end with a }",
    ],
  },
  {
    name: "a name given twice",
    given: "version: 1\nrules:\n  - name: a\n    match: anyone\n    read_only: true\n    read_only: false\n",
    want: ["policy.yaml, line 6: Map keys must be unique"],
  },
  {
    name: "a tag",
    given: "version: 1\nrules: !!js/function x\n",
    want: ["policy.yaml, line 2: Unresolved tag: tag:yaml.org,2002:js/function"],
  },
  {
    name: "a misspelt restriction",
    given: "version: 1\nrules:\n  - name: a\n    match: anyone\n    readonly: true\n",
    want: [
      "policy.yaml, line 5: rules[0].readonly: is unknown here; " +
        `known are name, match, ${Object.keys(RULE_KEYS).join(", ")}.`,
    ],
  },
  {
    name: "no match",
    given: "version: 1\nrules:\n  - name: a\n",
    want: [
      "policy.yaml, line 3: rules[0].match: give `anyone`, or some of subject, client, organisation, role, scope, " +
        "each with a text or a list of texts.",
    ],
  },
  {
    name: "an empty match",
    given: "version: 1\nrules:\n  - name: a\n    match: {}\n",
    want: [
      "policy.yaml, line 4: rules[0].match: an empty match fits nobody on purpose; write `match: anyone` for " +
        "everybody.",
    ],
  },
  {
    name: "a misspelt condition",
    given: "version: 1\nrules:\n  - name: a\n    match:\n      organization: x\n",
    want: [
      "policy.yaml, line 5: rules[0].match.organization: is unknown here; " +
        "known are subject, client, organisation, role, scope.",
    ],
  },
  {
    name: "unknown domains and tools",
    given:
      "version: 1\nrules:\n  - name: a\n    match: anyone\n    domains:\n      - prompts\n      - key\n    " +
      "write_domains: [prompt]\n    tools: [get_promt, 'x_*']\n",
    want: [
      'policy.yaml, line 5: rules[0].domains: "key" is not a domain. ' +
        'Did you mean "keys"? Known: keys, prompts, tracing.',
      'policy.yaml, line 8: rules[0].write_domains: "prompt" is not a domain. Did you mean "prompts"? ' +
        "Known: keys, prompts, tracing.",
      'policy.yaml, line 9: rules[0].tools: "get_promt" is not a tool. Did you mean "get_prompt"?',
      'policy.yaml, line 9: rules[0].tools: "x_*" matches no tool.',
    ],
  },
  {
    name: "rules that cannot apply",
    given: "version: 1\nrules:\n  - name: a\n    match: anyone\n  - name: a\n    match: { role: x }\n",
    want: [
      "policy.yaml, line 5: rules[1].name: a rule before it has the same name.",
      "policy.yaml, line 6: rules[1].match: a rule before it matches anyone, so that this one never applies.",
    ],
  },
  {
    name: "keys that nothing uses",
    given: "version: 1\nrules:\n  - name: a\n    match: anyone\n    keys: { workspace: { env: PORTKEY_OPS_KEY } }\n",
    want: [
      "policy.yaml, line 5: rules[0].keys: not used while MCP_CREDENTIALS is server. " +
        "Set it to policy, or remove the keys.",
    ],
  },
  {
    name: "a use of the admin key that is none",
    given: "version: 1\nrules:\n  - name: a\n    match: anyone\n    keys: { admin_for: [read, prompt] }\n",
    want: [
      'policy.yaml, line 5: rules[0].keys.admin_for: "prompt" is not a domain, domain:read or read. ' +
        'Did you mean "prompts"? Known: keys, prompts, tracing.',
    ],
  },
  {
    name: "a use of the admin key and no keys, where they are needed",
    given: "version: 1\nrules:\n  - name: a\n    match: anyone\n    keys: { admin_for: read }\n",
    context: { credentials: "policy" },
    want: ["policy.yaml, line 3: rules[0]: MCP_CREDENTIALS is policy, and the rule names no keys."],
  },
  {
    name: "no keys where they are needed",
    given: "version: 1\nrules:\n  - name: a\n    match: anyone\n",
    context: { credentials: "policy" },
    want: ["policy.yaml, line 3: rules[0]: MCP_CREDENTIALS is policy, and the rule names no keys."],
  },
  {
    name: "keys that cannot be read",
    given:
      "version: 1\nrules:\n  - name: a\n    match: anyone\n    keys:\n      workspace: { env: NOT_SET }\n      " +
      "admin: { file: /nowhere }\n",
    context: { credentials: "policy" },
    want: [
      "policy.yaml, line 6: rules[0].keys.workspace: the variable NOT_SET is not set.",
      'policy.yaml, line 7: rules[0].keys.admin: "/nowhere" cannot be read or is empty.',
    ],
  },
  {
    name: "a key in the file itself",
    given: "version: 1\nrules:\n  - name: a\n    match: anyone\n    keys:\n      workspace: pk-secret-value\n",
    context: { credentials: "policy" },
    want: ["policy.yaml, line 6: rules[0].keys.workspace: give { env: NAME } or { file: PATH }."],
  },
  {
    name: "a mistake in JSON",
    given:
      '{\n  "version": 1,\n  "rules": [\n    { "name": "a", "match": "anyone",\n      "read_only": "yes" }\n  ]\n}',
    want: ["policy.yaml, line 5: rules[0].read_only: must be true or false, not a text."],
  },
];

describe("a policy file with", () => {
  it.each(MISTAKES)("$name is refused with the line", ({ given, context, want }) => {
    expect(mistakesOf(given, context)).toEqual(want.map((line) => `MCP_POLICY_FILE: ${line}`));
  });

  it("aliases that multiply is refused", () => {
    const bomb = [
      "version: 1",
      "a: &a [x, x, x, x, x, x, x, x, x]",
      ...[..."bcdefgh"].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${"abcdefg"[index]}`).join(", ")}]`),
    ].join("\n");
    expect(mistakesOf(bomb)).toHaveLength(1);
  });
});

describe("the rule that decides", () => {
  const file = readPolicyFile(
    {
      path: "policy.yaml",
      text: `
version: 1
rules:
  - name: both
    match: { organisation: org_1, role: [admin, owner] }
    keys: { workspace: { env: PORTKEY_OPS_KEY }, admin: { file: /run/secrets/admin } }
  - name: bot
    match: { subject: ci, client: [ci-client] }
    keys: { workspace: { env: PORTKEY_OPS_KEY } }
  - name: scoped
    match: { scope: "portkey:read" }
    read_only: true
    keys: { workspace: { env: PORTKEY_OPS_KEY } }
`,
    },
    { ...CONTEXT, credentials: "policy" },
  );
  const nobody = { kind: "jwt" as const, subject: "x", client: null, organisation: null, roles: [], scopes: [] };
  const cases = [
    { given: { organisation: "org_1", roles: ["member", "owner"] }, want: "both" },
    { given: { organisation: "org_1", roles: ["member"] }, want: undefined },
    { given: { organisation: "org_2", roles: ["admin"] }, want: undefined },
    { given: { organisation: "ORG_1", roles: ["admin"] }, want: undefined },
    { given: { subject: "ci" }, want: undefined },
    { given: { subject: "ci", client: "ci-client" }, want: "bot" },
    { given: { organisation: "org_1", roles: ["admin"], scopes: ["portkey:read"] }, want: "both" },
    { given: { scopes: ["portkey:read", "x"] }, want: "scoped" },
    { given: { scopes: ["portkey:write"] }, want: undefined },
    { given: {}, want: undefined },
  ];
  it.each(cases)("for $given is $want", ({ given, want }) => {
    expect(ruleFor(file, principalOf({ ...nobody, ...given }))?.name).toBe(want);
  });

  it("gives its keys from where they are kept", () => {
    expect(file.rules.map(({ credentials }) => credentials)).toEqual([
      { workspaceKey: "pk-ops", adminKey: "pk-admin" },
      { workspaceKey: "pk-ops" },
      { workspaceKey: "pk-ops" },
    ]);
  });
});

describe("what a rule lets the admin key be used for", () => {
  it("narrows the server's, and is named after the rule", () => {
    const text = "version: 1\nrules:\n  - name: readers\n    match: anyone\n    keys: { admin_for: read }\n";
    const [rule] = readPolicyFile({ path: "policy.yaml", text }, CONTEXT).rules;
    expect(rule?.credentials).toBeNull();
    expect(adminKeyRefusal(rule?.policy ?? createPolicy(), { domain: "keys", risk: "create" })).toEqual({
      setting: 'the rule "readers" of the policy file',
      admits: "read",
    });
  });
});
