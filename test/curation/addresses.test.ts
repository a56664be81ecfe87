/** A tool that has Portkey call an address of the caller's choice sends something out: it does not only read. */
import { describe, expect, test } from "vitest";
import { loadSchemas } from "../../src/catalog/editions.ts";
import { loadCatalogue } from "../main-catalogue.ts";
import { createPolicy } from "../../src/catalog/create-policy.ts";
import { decide } from "../../src/catalog/decide.ts";
import { toolAnnotations, type JsonSchema, type ToolRecord } from "../../src/catalog/record.ts";

const { records } = loadCatalogue();
const schemas = await loadSchemas();

/** Names and formats of what may hold an address. */
const ADDRESS =
  /(^|_)(url|uri|urls|endpoint|host|hostname|address|callback|webhook|origin|domain)$|Url$|Uri$|Endpoint$/;
/** Words on what Portkey does with an address that it has, or is given. */
const REACHES = /\/(test|sync|ping|fetch-[a-z-]+|discover|probe|validate|connect)$/;

/** Filters of lists: they are compared with, never called. */
const FILTERS = new Set(["list_audit_logs uri"]);
/** Read nothing but what Portkey knows of an address that somebody with the right to write has stored. */
const STORED = new Set(["ping_deployment"]);

function addressesIn(schema: JsonSchema, at = ""): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => [
    ...(ADDRESS.test(name) || member["format"] === "uri" ? [`${at}${name}`] : []),
    ...addressesIn(member, `${at}${name}.`),
  ]);
}

const reading = records.filter(({ risk }) => risk === "read");

describe("a tool that only reads", () => {
  test.each(reading.map((record) => [record.name, record] as const))("%s takes no address to call", (name, record) => {
    const addresses = addressesIn(schemas[name] as JsonSchema).filter((at) => !FILTERS.has(`${name} ${at}`));
    expect(addresses).toEqual([]);
    // What a body without declared fields holds cannot be known.
    expect(record.method === "POST" && record.body === "whole").toBe(false);
    expect(REACHES.test(record.path ?? "") && !STORED.has(name)).toBe(false);
  });
});

test.each(["fetch_agent_card", "test_agent_server", "test_mcp_integration", "test_mcp_server", "sync_mcp_integration"])(
  "%s says that it does something, and a read-only server refuses it",
  (name) => {
    const record = records.find((one) => one.name === name) as ToolRecord;
    expect(toolAnnotations(record)).toMatchObject({ readOnlyHint: false });
    expect(decide(createPolicy({ readOnly: true }), record)).toMatchObject({
      allowed: false,
      setting: "PORTKEY_READ_ONLY",
    });
  },
);
