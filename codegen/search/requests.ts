/**
 * Reads the sample requests under openapi/requests and openapi/<edition>/requests: for each tool, sentences that users
 * write when they need it. There is one file per domain. The shared requests hold for every edition that has the tool.
 */
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { closestHint } from "../../src/errors/closest-name.ts";
import { readTable } from "../read/tables.ts";
import type { Request } from "./train.ts";

export interface RequestFolders {
  /** The folder openapi/. */
  readonly openapi: string;
  readonly edition: string;
  /** The tool names in the edition's curation, including tools that its current document does not have. */
  readonly names: ReadonlySet<string>;
  /** Whether each shared request must name one of these tools too. */
  readonly isWhole: boolean;
}

/** Throws TableError, with file and line, for an unknown tool and for a request that appears twice. */
export async function readRequests({ openapi, edition, names, isWhole }: RequestFolders): Promise<Request[]> {
  const seen = new Map<string, string>();
  const shared = await readFolder(join(openapi, "requests"), seen, isWhole ? names : undefined);
  return [...shared, ...(await readFolder(join(openapi, edition, "requests"), seen, names))];
}

/** The requests of all files in the folder. `seen` maps each request read so far to its tool, and is extended. */
async function readFolder(folder: string, seen: Map<string, string>, names?: ReadonlySet<string>): Promise<Request[]> {
  const files = existsSync(folder) ? await readdir(folder) : [];
  const found: Request[] = [];
  for (const file of files.filter((name) => name.endsWith(".yaml")).sort()) {
    const table = await readTable(join(folder, file), tableOf(seen, names));
    found.push(...Object.entries(table).flatMap(([tool, texts]) => texts.map((text) => ({ text, tool }))));
  }
  return found;
}

/** The schema of a file: a map from tool name to requests. */
function tableOf(seen: Map<string, string>, names: ReadonlySet<string> | undefined) {
  return z.record(z.string(), z.array(z.string().min(1))).superRefine((table, context) => {
    for (const [tool, texts] of Object.entries(table)) {
      if (names !== undefined && !names.has(tool))
        context.addIssue({ code: "custom", path: [tool], message: unknown(tool, names) });
      texts.forEach((text, at) => {
        const other = seen.get(text);
        if (other !== undefined)
          context.addIssue({ code: "custom", path: [tool, at], message: `is a request for ${other} already` });
        seen.set(text, tool);
      });
    }
  });
}

function unknown(tool: string, names: ReadonlySet<string>): string {
  return `no tool is called so${closestHint(tool, [...names], "; the edition's TOOLS.md has all")}`;
}

/** The tools that have no request. */
export function withoutRequests(tools: readonly string[], requests: readonly Request[]): string[] {
  const asked = new Set(requests.map(({ tool }) => tool));
  return tools.filter((tool) => !asked.has(tool));
}
