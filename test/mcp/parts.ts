/** A registry's parts for tests: a few hand-made tools, and a Portkey that records what it is asked for. */
import { vi } from "vitest";
import { createPolicy } from "../../src/catalog/create-policy.ts";
import { createCatalogue } from "../../src/catalog/lookup.ts";
import type { PolicyInput } from "../../src/catalog/policy.ts";
import type { ToolRecord } from "../../src/catalog/record.ts";
import type { RegistryParts } from "../../src/mcp/parts.ts";
import type { Caller } from "../../src/mcp/registry.ts";
import type { Answer, Portkey } from "../../src/portkey/port.ts";
import { record } from "../portkey/records.ts";

/** A record of the domain of prompts; what a test does not name is a plain read. */
export function promptRecord(name: string, more: Partial<ToolRecord> = {}): ToolRecord {
  const words = { name, title: name, description: `${name}.` };
  return record({ ...words, domain: "prompts", path: "/prompts", ...more });
}

const ID = { name: "prompt_id", api: "promptId", place: "path", required: true } as const;

export const RECORDS: readonly ToolRecord[] = [
  promptRecord("list_prompts"),
  promptRecord("get_prompt", { arguments: [ID], aliases: ["fetch_prompt"] }),
  promptRecord("update_prompt", { risk: "update", method: "PUT", arguments: [ID] }),
  promptRecord("delete_prompt", { risk: "destroy", method: "DELETE", arguments: [ID] }),
  promptRecord("list_configs", { domain: "configs" }),
  promptRecord("promote_prompt", {
    risk: "create",
    source: "composite",
    composite: "promote-prompt",
    arguments: [{ name: "source_prompt_id", api: "source_prompt_id", place: "own", required: true }],
    output: { type: "object", properties: { action: { type: "string" } } },
  }),
];

export const ANSWER: Answer = {
  status: 200,
  body: { id: "p1", name: null },
  requestId: "req-1",
  traceId: "trace-1",
  warnings: [],
};

/** Parts whose Portkey answers with `ANSWER`; `send` and `callRecord` are mocks. */
export function makeParts(more: Partial<RegistryParts> = {}) {
  const send = vi.fn<Portkey["send"]>(async () => ANSWER);
  const plan = vi.fn<Portkey["plan"]>(async (record) => ({
    method: record.method ?? "GET",
    url: "https://x",
    headers: {},
    warnings: [],
  }));
  const callRecord = vi.fn<RegistryParts["callRecord"]>(async () => ANSWER);
  const onCall = vi.fn<NonNullable<RegistryParts["onCall"]>>();
  const onDefect = vi.fn<NonNullable<RegistryParts["onDefect"]>>();
  const listed = RECORDS.map(({ name, description }) => ({
    name,
    description,
    inputSchema: { type: "object", properties: {} },
  }));
  const parts: RegistryParts = {
    catalogue: createCatalogue(RECORDS, listed),
    portkey: { send, plan },
    callRecord,
    check: async (_record, given) => {
      const args = (given ?? {}) as Readonly<Record<string, unknown>>;
      const { dry_run: dryRun, ...values } = args;
      return { args, parsed: { values, dryRun: dryRun === true }, warnings: [] };
    },
    version: "1.2.3",
    onCall,
    onDefect,
    ...more,
  };
  return { parts, send, plan, callRecord, onCall, onDefect };
}

/** The one caller over stdio, under a policy. */
export function localCaller(input: PolicyInput = {}): Caller {
  return { principal: "local", policy: createPolicy(input), credentials: { workspaceKey: "pk" } };
}
