/** The tools reference in Markdown: every tool by domain, with its arguments, key and scopes. */
import type { JsonSchema } from "../../src/catalog/record.ts";
import type { Tool } from "../derive/tool.ts";
import { sentenceCase } from "../derive/words.ts";

const keyWords = {
  any: "workspace or admin",
  workspace: "workspace",
  admin: "admin",
  token: "token",
  none: "none",
} as const;

export function emitReference(tools: readonly Tool[]): string {
  const domains = [...new Set(tools.map(({ record }) => record.domain))];
  const sections = domains.map((domain) => {
    const mine = tools.filter(({ record }) => record.domain === domain);
    return `## ${sentenceCase(domain)} (${mine.length})\n\n${mine.map(toolSection).join("\n")}`;
  });
  const counts = `${tools.length} tools in ${domains.length} domains.`;
  return `# Tools\n\n${counts}\n\n${countsTable(tools)}\n${sections.join("\n")}`;
}

function countsTable(tools: readonly Tool[]): string {
  const rows = [...new Set(tools.map(({ record }) => record.domain))].map((domain) => {
    const mine = tools.filter(({ record }) => record.domain === domain);
    const writes = mine.filter(({ record }) => record.risk !== "read").length;
    return `| ${domain} | ${mine.length} | ${mine.length - writes} | ${writes} |`;
  });
  return `| domain | tools | read | write |\n|---|---|---|---|\n${rows.join("\n")}\n`;
}

function toolSection({ record, full }: Tool): string {
  const facts = [
    record.method ? `\`${record.method} ${record.path}\`` : "several requests",
    `risk: ${record.risk}`,
    `key: ${keyWords[record.key]}`,
    ...(record.scopes ? [`scopes: \`${record.scopes}\``] : []),
    ...(record.aliases.length > 0 ? [`also: ${record.aliases.join(", ")}`] : []),
    ...(record.source === "documented" ? ["not in Portkey's OpenAPI document"] : []),
  ];
  const rows = Object.entries(full.properties ?? {}).map(([name, schema]) => {
    const required = full.required?.includes(name) ? "yes" : "";
    return `| ${name} | ${typeWord(schema)} | ${required} | ${(schema.description ?? "").replaceAll("|", "\\|")} |`;
  });
  const table = rows.length > 0 ? `\n| argument | type | required | |\n|---|---|---|---|\n${rows.join("\n")}\n` : "";
  return `### ${record.name}\n\n${record.description}\n\n${facts.join(" · ")}\n${table}`;
}

function typeWord(schema: JsonSchema): string {
  if (schema.enum)
    return (
      schema.enum
        .map((value) => `\`${String(value)}\``)
        .slice(0, 6)
        .join(" ") + (schema.enum.length > 6 ? " …" : "")
    );
  const type = schema.type as string | string[] | undefined;
  return Array.isArray(type) ? type.join(" or ") : (type ?? "any");
}
