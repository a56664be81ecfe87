/** The requests that Portkey's own sources send, as data beside the project; absent on most machines. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

type Json = Readonly<Record<string, unknown>>;

/** One row: a request, a call of a tool, a gateway config or a guardrail check. */
export interface Row {
  readonly id: string;
  readonly kind: "terraform" | "sdk" | "document" | "docs" | "call" | "config" | "guardrail";
  readonly method?: string;
  readonly path?: string;
  readonly query?: Json;
  readonly body?: unknown;
  readonly tool?: string;
  readonly args?: Json;
  readonly config?: Json;
  /** "accepts", or what each of them refuses in it. */
  readonly judges?: Readonly<Record<string, unknown>>;
  readonly check?: Json;
  readonly slip?: true;
}

export const FILES = ["terraform", "sdk", "document", "docs", "call", "config", "guardrail"] as const;

/** The folder in the nearest parent that has one. */
function evidenceFolder(): string | undefined {
  for (let at = process.cwd(); dirname(at) !== at; at = dirname(at)) {
    const folder = join(dirname(at), "shared", "evidence");
    if (existsSync(join(folder, "README.md"))) return folder;
  }
  return undefined;
}

/** Whether one of the judges of a gateway config refuses it: a warning about it is right. */
export function isDoubted({ judges = {} }: Row): boolean {
  return Object.values(judges).some((verdict) => verdict !== "accepts");
}

/** The rows of a file that must pass; none where the folder is absent. */
export function rowsOf(file: (typeof FILES)[number]): Row[] {
  const folder = evidenceFolder();
  if (folder === undefined) return [];
  const rows = JSON.parse(readFileSync(join(folder, `${file}.json`), "utf8")) as Row[];
  return rows.filter(({ slip }) => slip !== true);
}
