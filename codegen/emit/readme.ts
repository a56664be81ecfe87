/** The list of an edition's tools in the README. The generator writes it between two markers. */
import { readFile, writeFile } from "node:fs/promises";
import type { Tool } from "../derive/tool.ts";

const beginOf = (edition: string) => `<!-- tools of ${edition}: written by npm run generate -->`;
const end = "<!-- end of tools -->";

/** The README with the current list of tools. A README without the markers is returned unchanged. */
export function withToolList(readme: string, edition: string, tools: readonly Tool[]): string {
  const begin = beginOf(edition);
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end, from);
  if (from < 0 || to < from) return readme;
  return `${readme.slice(0, from + begin.length)}\n${toolList(tools)}${readme.slice(to)}`;
}

/**
 * Returns true if the list in the README at `path` is out of date, and updates the file unless `check` is true.
 * A project without a README counts as up to date.
 */
export async function updateReadme(
  path: string,
  edition: string,
  tools: readonly Tool[],
  check: boolean,
): Promise<boolean> {
  const readme = await readFile(path, "utf8").catch(() => "");
  const updated = withToolList(readme, edition, tools);
  if (updated !== readme && !check) await writeFile(path, updated);
  return updated !== readme;
}

function toolList(tools: readonly Tool[]): string {
  const domains = [...new Set(tools.map(({ record }) => record.domain))];
  const rows = domains.map((domain) => {
    const names = tools.filter(({ record }) => record.domain === domain).map(({ record }) => record.name);
    return `| ${domain} | ${names.length} | ${names.join(", ")} |\n`;
  });
  return `${tools.length} tools in ${domains.length} domains.\n\n| domain | | tools |\n|---|---|---|\n${rows.join("")}`;
}
