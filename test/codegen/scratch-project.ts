/** A copy of what is committed here, or is about to be, to be changed at will. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** The folder; `rm` takes it away. */
export function scratchProject(): { readonly folder: string; readonly rm: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "portkey-scratch-"));
  const tracked = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], { cwd: root, encoding: "utf8" });
  for (const file of tracked.split("\n").filter(Boolean))
    cpSync(join(root, file), join(folder, file), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  return { folder, rm: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Makes the copy a repository of its own with one commit. */
export function commitAll(folder: string): void {
  const git = (...args: string[]) => execFileSync("git", args, { cwd: folder });
  git("init", "--quiet", "--initial-branch=main");
  git("config", "user.name", "test");
  git("config", "user.email", "test@example.com");
  writeFileSync(join(folder, ".git/info/exclude"), "node_modules\n");
  git("add", "--all");
  git("commit", "--quiet", "-m", "Before");
}
