/** The resources that need no request to Portkey: the tools reference and the error codes. */
import type { Catalogue } from "../../catalog/lookup.ts";
import type { Policy } from "../../catalog/policy.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import type { Product } from "../../portkey/product.ts";
import { errorMeanings } from "../../portkey/response/error-codes.ts";

/** The meanings of this server's own error codes, which a result has in `_meta` as `portkey/code`. */
const OWN_CODES: Readonly<Record<string, string>> = {
  BAD_INPUT: "The arguments cannot be sent. Nothing was sent. The message names each field and what is wrong with it.",
  UNKNOWN_TOOL: "There is no tool of that name. The message names the closest.",
  NOT_ALLOWED:
    "A setting or the caller's policy refuses the tool; `portkey/setting` names it. Trying again does not help.",
  MISSING_KEY: "The server has no key or account of the kind the tool needs.",
  PORTKEY: "The API answered with an error; the table above says what its codes mean.",
  UNREACHABLE:
    "No usable answer came. Where it is unknown whether a write arrived, the message says so: read the object first.",
  CANCELLED: "The call was cancelled.",
  DECLINED: "A person was asked and did not agree. Nothing was sent.",
  DEFECT: "This server failed; its log has the reason.",
};

/** The reference of the tools that `policy` admits, in Markdown: one table for each domain. */
export function toolsReference(catalogue: Catalogue, policy: Policy): string {
  const records = catalogue.admitted(policy);
  const domains = [...new Set(records.map(({ domain }) => domain))];
  const sections = domains.map((domain) => {
    const rows = records.filter((record) => record.domain === domain).map(toolRow);
    return `## ${domain}\n\n| tool | what it does | risk | key | scopes |\n|---|---|---|---|---|\n${rows.join("\n")}\n`;
  });
  return (
    `# Tools\n\n${records.length} tools. Each tool's full schema is at ` +
    `portkey://tools/{name}.\n\n${sections.join("\n")}`
  );
}

function toolRow({ name, description, risk, key, scopes, aliases }: ToolRecord): string {
  const also = aliases.length > 0 ? ` (also ${aliases.join(", ")})` : "";
  return `| ${[name + also, description, risk, key, scopes].map(cell).join(" | ")} |`;
}

/** The API's codes and statuses, and this server's own codes, in Markdown. */
export function errorsReference(product?: Product): string {
  const meanings = errorMeanings(product).map(
    ({ code, status, meaning, next }) => `| ${[code ?? "", String(status), meaning, next].map(cell).join(" | ")} |`,
  );
  const codeRows = Object.entries(OWN_CODES).map((row) => `| ${row.map(cell).join(" | ")} |`);
  return [
    "# Errors",
    "",
    "## The API's",
    "",
    "| errorCode | status | meaning | what to do |",
    "|---|---|---|---|",
    ...meanings,
    "",
    "## This server's",
    "",
    "| code | meaning |",
    "|---|---|",
    ...codeRows,
    "",
  ].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
